/** `openCookieJar` on workerd: over a KV namespace, the storage of a Durable Object, or any other. */
import type {
  CookieStorage,
  PersistentCookieJar,
  PersistentCookieJarOptions,
} from '../../src/cookies/persist.ts'
import { openCookieJar as openStorage } from '../cookie-jar.ts'
import { cookieStorage } from './cookie-storage.ts'
import type { KeyValueStorage } from './cookie-storage.ts'

/** Opens the jar in a binding (`env.KV`, `ctx.storage`), or in an object with `getItem`, `setItem`. */
export function openCookieJar(
  storage: KeyValueStorage | CookieStorage,
  options: PersistentCookieJarOptions = {},
): Promise<PersistentCookieJar> {
  return openStorage(isBinding(storage) ? cookieStorage(storage) : storage, options)
}

/** KV namespaces and Durable Object storage have `get` and `put`; neither has `getItem`. */
function isBinding(storage: KeyValueStorage | CookieStorage): storage is KeyValueStorage {
  // From JavaScript anything may come.
  return typeof storage === 'object' && !('getItem' in storage) && typeof storage.get === 'function'
}
