/** Which jar a session has (layer 5). */
import { isStore } from './cookie-header.ts'
import { emptyJar } from './empty-jar.ts'
import type { Platform } from './ports.ts'
import type { CookiesInput, CookieStore } from './types.ts'

/** A jar that is given is the session's jar; an object only says what is in it at first. */
export function sessionJar(
  platform: Platform,
  given: CookiesInput | null | undefined,
): CookieStore {
  if (given !== undefined && given !== null && isStore(given)) return given
  const jar = platform.cookies?.createJar() ?? platform.pageCookies?.() ?? emptyJar()
  if (given !== undefined && given !== null) jar.update(given)
  return jar
}
