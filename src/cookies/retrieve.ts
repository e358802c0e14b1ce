/** Which cookies go to a URL, in which order and form (RFC 6265bis §5.8.3). */
import { matchingDomains } from './host.ts'
import { pathMatch } from './path.ts'
import { isSecure } from './secure-host.ts'
import { isExpired } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import { byPathThenAge } from './table.ts'
import type { CookieTable, Retrieved } from './table.ts'

/** @param unscoped whether cookies without a domain may go: the URL has the origin they belong to. */
export function cookieHeader(
  table: CookieTable,
  url: URL,
  unscoped: boolean,
  now: number,
): string | null {
  const { retrieved } = table
  if (retrieved === null || now >= table.nextExpiry || !fits(retrieved, url, unscoped)) {
    const found = retrieve(table, url, unscoped, now)
    // What has expired would be back with a clock that is set back.
    table.retrieved = now < table.nextExpiry ? found : null
    return found.header
  }
  // Nearly every request goes where the one before went.
  if (retrieved.accessed !== now) noteUse(retrieved, now)
  return retrieved.header
}

function fits(
  { host, protocol, path, unscoped }: Retrieved,
  url: URL,
  withUnscoped: boolean,
): boolean {
  return (
    host === url.hostname &&
    protocol === url.protocol &&
    unscoped === withUnscoped &&
    (path === null || path === url.pathname)
  )
}

/** Who was used last is not evicted first (§5.7). */
function noteUse(retrieved: Retrieved, now: number): void {
  for (const cookie of retrieved.cookies) cookie.accessed = now
  retrieved.accessed = now
}

function retrieve(table: CookieTable, url: URL, unscoped: boolean, now: number): Retrieved {
  const { hostname: host, protocol, pathname } = url
  const request = { url, host, path: pathname, now }
  const cookies: StoredCookie[] = []
  let buckets = 0
  let path: string | null = null
  for (const domain of unscoped ? [...matchingDomains(host), ''] : matchingDomains(host)) {
    const before = cookies.length
    for (const cookie of table.inDomain(domain)) {
      if (cookie.path !== '/') path = pathname
      if (isSent(cookie, request)) cookies.push(cookie)
    }
    if (cookies.length > before) buckets += 1
  }
  // Each bucket is in order already.
  if (buckets > 1) cookies.sort(byPathThenAge)
  const header = cookies.length === 0 ? null : cookies.map(pairOf).join('; ')
  const retrieved = { header, cookies, host, protocol, path, unscoped, accessed: now }
  noteUse(retrieved, now)
  return retrieved
}

function pairOf({ name, value }: StoredCookie): string {
  return name === '' ? value : `${name}=${value}`
}

interface Request {
  readonly url: URL
  readonly host: string
  readonly path: string
  readonly now: number
}

function isSent(cookie: StoredCookie, request: Request): boolean {
  if (cookie.hostOnly && cookie.domain !== '' && cookie.domain !== request.host) return false
  if (cookie.secure && !isSecure(request.url)) return false
  return pathMatch(request.path, cookie.path) && !isExpired(cookie, request.now)
}
