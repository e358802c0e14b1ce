/** The Cookie header of one hop (layer 1): computed each time, never kept. */
import { describe } from './bytes.ts'
import { InvalidHeaderError } from './errors.ts'
import { findHeader } from './header-list.ts'
import type { HeaderPairs } from './ports.ts'
import type { CookiesInput, CookieStore } from './types.ts'
import { originOf } from './url.ts'

/**
 * The session's cookies for the URL and those of the call, which win over the session's of the same
 * name. Null when there are none, or when the caller's own Cookie header takes their place.
 * @param origin of the URL the caller named.
 * @param unscoped where the unscoped cookies of the jar may go.
 */
export function requestCookies(
  hop: { headers: HeaderPairs; url: URL; cookies: CookiesInput | null },
  jar: CookieStore,
  origin: string,
  unscoped: string,
): string | null {
  const { url, cookies } = hop
  if (findHeader(hop.headers, 'cookie') !== null) return null
  const fromJar = jar.size === 0 ? null : jar.header(url, unscoped)
  if (cookies === null) return fromJar
  const own = ownCookies(cookies, url, origin)
  const kept = pairsOf(fromJar).filter((pair) => !own.some(([name]) => name === nameOf(pair)))
  return [...kept, ...own.flatMap(([, pair]) => pair ?? [])].join('; ') || null
}

function pairsOf(header: string | null): string[] {
  return header?.split('; ') ?? []
}

function nameOf(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('=')))
}

type Own = readonly [name: string, pair: string | null]

/** In turn, as a jar may have several of one name, on different paths; `null` switches a cookie of the
 *  session off for this call. */
function ownCookies(cookies: CookiesInput, url: URL, origin: string): readonly Own[] {
  if (isStore(cookies)) {
    return pairsOf(cookies.header(url, origin)).map((pair) => [nameOf(pair), pair])
  }
  // From JavaScript anything may come: a text or a list would go out as cookies named 0 and 1.
  if (typeof cookies !== 'object' || Symbol.iterator in cookies) {
    throw new TypeError(`cookies must be an object or a CookieJar, not ${describe(cookies)}.`)
  }
  if (originOf(url) !== origin) return []
  return Object.entries(cookies).flatMap(([name, value]): Own[] =>
    value === undefined
      ? []
      : [[checkPart(name, 'name'), value === null ? null : pairOf(name, value)]],
  )
}

/** One without a name is its value alone (RFC 6265bis §5.8.3). */
function pairOf(name: string, value: string): string {
  return (name && `${name}=`) + checkPart(value, 'value')
}

/** A jar offers `header` as a method; in an object of cookies, that would be a text. */
export function isStore(cookies: CookiesInput): cookies is CookieStore {
  return typeof cookies.header === 'function'
}

/** What would end a pair or the header is refused (RFC 6265bis §5.7 forbids controls). */
function checkPart(text: string, part: 'name' | 'value'): string {
  const bad = part === 'name' ? /[\x00-\x20;=,\x7f-\uffff]/ : /[\x00-\x1f;\x7f]|[^\x00-\xff]/
  if (typeof text !== 'string') {
    throw new TypeError(`The ${part} of a cookie must be a string, not ${describe(text)}.`)
  }
  if (!bad.test(text)) return text
  throw new InvalidHeaderError(
    `A cookie ${part} has a character that is not allowed (control characters, ";"${part === 'name' ? ', "=", white space' : ''}); encode it first.`,
  )
}
