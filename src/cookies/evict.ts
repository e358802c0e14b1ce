/**
 * Which cookies make room (RFC 6265bis §5.7, "remove excess cookies"): expired ones, then those of
 * a crowded domain, insecure before Secure, then any; the least recently used first.
 */
import type { StoredCookie } from './stored-cookie.ts'
import type { CookieTable } from './table.ts'

export interface CookieLimits {
  readonly perDomain: number
  readonly total: number
}

/** Called after a cookie of that domain was added. */
export function evictExcess(
  table: CookieTable,
  domain: string,
  limits: CookieLimits,
  now: number,
): void {
  // Unscoped cookies are the caller's own: no server can crowd them, nor may it crowd them out.
  const perDomain = domain === '' ? Infinity : limits.perDomain
  if (table.count(domain) <= perDomain && table.size <= limits.total) return
  table.removeExpired(now)
  while (table.count(domain) > perDomain) {
    const inDomain = table.inDomain(domain)
    const victim = oldest(inDomain.filter((cookie) => !cookie.secure)) ?? oldest(inDomain)
    if (victim === null) break
    table.remove(victim, now)
  }
  while (table.size > limits.total) {
    const victim = oldest(table.values())
    if (victim === null) break
    table.remove(victim, now)
  }
}

function oldest(cookies: Iterable<StoredCookie>): StoredCookie | null {
  let found: StoredCookie | null = null
  for (const cookie of cookies) {
    if (found === null || isOlder(cookie, found)) found = cookie
  }
  return found
}

function isOlder(a: StoredCookie, b: StoredCookie): boolean {
  return a.accessed < b.accessed || (a.accessed === b.accessed && a.order < b.order)
}
