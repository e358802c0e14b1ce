/** Jars that are kept in a storage, loaded when one is opened: most pages leave cookies to the browser. */
import type {
  CookieStorage,
  PersistentCookieJar,
  PersistentCookieJarOptions,
} from '../../src/cookies/persist.ts'

/** Opens the jar in a storage: any object with `getItem` and `setItem`. */
export async function openCookieJar(
  storage: CookieStorage,
  options: PersistentCookieJarOptions = {},
): Promise<PersistentCookieJar> {
  const persist = await import('../../src/cookies/persist.ts')
  return persist.openCookieJar(storage, options)
}
