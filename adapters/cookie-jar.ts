/** Jars as a caller makes them: bound to the public suffix list, so that no caller can forget it. */
import { CookieJar as CoreJar } from '../src/cookies/jar.ts'
import type { CookieJarOptions } from '../src/cookies/jar.ts'
import { openCookieJar as openCoreJar } from '../src/cookies/persist.ts'
import type {
  CookieStorage,
  PersistentCookieJar,
  PersistentCookieJarOptions,
} from '../src/cookies/persist.ts'
import { loadPublicSuffixes } from './public-suffixes.ts'

/** A cookie jar by RFC 6265bis; `http.cookiejar.CookieJar` in Python. */
export class CookieJar extends CoreJar {
  constructor(options: CookieJarOptions = {}) {
    super({ publicSuffix: loadPublicSuffixes, ...options })
  }
}

/** Opens the jar in a storage: any object with `getItem` and `setItem`. */
export function openCookieJar(
  storage: CookieStorage,
  options: PersistentCookieJarOptions = {},
): Promise<PersistentCookieJar> {
  return openCoreJar(storage, { publicSuffix: loadPublicSuffixes, ...options })
}
