/** The JSON of tough-cookie (`CookieJar.toJSON`), read and written, so that jars can move. */
import { canonicalDomain } from './host.ts'
import { expiryTime } from './lifetime.ts'
import { property, readCookie } from './read-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'

export function isToughJSON(data: unknown): boolean {
  const version = property(data, 'version')
  return typeof version === 'string' && version.startsWith('tough-cookie@')
}

/** One cookie of its list; null when no jar of ours could hold it. */
export function readToughCookie(data: unknown): StoredCookie | null {
  const domain = property(data, 'domain')
  const created = timeOf(data, 'creation') ?? 0
  const accessed = timeOf(data, 'lastAccessed') ?? created
  const maxAge = property(data, 'maxAge')
  const extensions = property(data, 'extensions')
  return readCookie({
    name: property(data, 'key') ?? '',
    value: property(data, 'value') ?? '',
    domain: typeof domain === 'string' ? canonicalDomain(domain) : null,
    path: property(data, 'path') ?? '/',
    // It counts Max-Age from the last use.
    expires: expiryTime(
      typeof maxAge === 'number' ? maxAge : maxAge === '-Infinity' ? 0 : null,
      timeOf(data, 'expires'),
      accessed,
    ),
    hostOnly: property(data, 'hostOnly') !== false,
    secure: property(data, 'secure') === true,
    httpOnly: property(data, 'httpOnly') === true,
    sameSite: property(data, 'sameSite') ?? null,
    partitioned: Array.isArray(extensions) && extensions.some(isPartitioned),
    created,
    accessed,
  })
}

/** What `CookieJar.fromJSON` of tough-cookie takes; unscoped cookies have no place there. */
export function toToughJSON(cookies: Iterable<StoredCookie>): Record<string, unknown> {
  const list: Record<string, unknown>[] = []
  for (const cookie of cookies) {
    if (cookie.domain === '') continue
    list.push({
      key: cookie.name,
      value: cookie.value,
      ...(cookie.expires === null ? {} : { expires: new Date(cookie.expires).toISOString() }),
      // It keeps IPv6 addresses without brackets.
      domain: cookie.domain.replace(/^\[(.*)\]$/, '$1'),
      path: cookie.path,
      ...(cookie.secure ? { secure: true } : {}),
      ...(cookie.httpOnly ? { httpOnly: true } : {}),
      ...(cookie.partitioned ? { extensions: ['Partitioned'] } : {}),
      hostOnly: cookie.hostOnly,
      creation: new Date(cookie.created).toISOString(),
      lastAccessed: new Date(cookie.accessed).toISOString(),
      ...(cookie.sameSite === null ? {} : { sameSite: cookie.sameSite }),
    })
  }
  return { version: 'tough-cookie@6.1.0', storeType: 'MemoryCookieStore', cookies: list }
}

function isPartitioned(extension: unknown): boolean {
  return typeof extension === 'string' && extension.toLowerCase() === 'partitioned'
}

function timeOf(data: unknown, key: string): number | null {
  const value = property(data, key)
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(time) ? time : null
}
