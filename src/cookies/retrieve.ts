/** Which cookies go to a URL, in which order and form (RFC 6265bis §5.8.3). */
import { matchingDomains } from './host.ts'
import { pathMatch } from './path.ts'
import { isSecure } from './secure-host.ts'
import { isExpired } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import { byPathThenAge } from './table.ts'
import type { CookieTable } from './table.ts'

/** @param unscoped whether cookies without a domain may go: the URL has the origin they belong to. */
export function cookieHeader(
  table: CookieTable,
  url: URL,
  unscoped: boolean,
  now: number,
): string | null {
  const host = url.hostname
  const request = { url, host, path: url.pathname, now }
  const found: StoredCookie[] = []
  let buckets = 0
  const collect = (domain: string): void => {
    const before = found.length
    for (const cookie of table.inDomain(domain)) {
      if (isSent(cookie, request)) found.push(cookie)
    }
    if (found.length > before) buckets += 1
  }
  for (const domain of matchingDomains(host)) collect(domain)
  if (unscoped) collect('')
  if (buckets === 0) return null
  // Each bucket is in order already.
  if (buckets > 1) found.sort(byPathThenAge)
  let header = ''
  for (const cookie of found) {
    cookie.accessed = now
    if (header !== '') header += '; '
    header += cookie.name === '' ? cookie.value : `${cookie.name}=${cookie.value}`
  }
  return header
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
