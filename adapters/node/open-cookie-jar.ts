/** `openCookieJar` where there are files: for Node, Deno and Bun. */
import type {
  CookieStorage,
  PersistentCookieJar,
  PersistentCookieJarOptions,
} from '../../src/cookies/persist.ts'
import { openCookieJar as openStorage } from '../cookie-jar.ts'
import { cookieFile } from './cookie-file.ts'

/** Opens the jar in a file (JSON, or a `cookies.txt` by its name) or in any other storage. */
export function openCookieJar(
  where: string | URL | CookieStorage,
  options: PersistentCookieJarOptions = {},
): Promise<PersistentCookieJar> {
  const isPath = typeof where === 'string' || where instanceof URL
  return openStorage(isPath ? cookieFile(where) : where, options)
}
