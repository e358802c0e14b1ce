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

/** So many of the least recently used are looked up at once: a full jar is not searched each time. */
const LINED_UP = 200

export class Evictor {
  readonly #table: CookieTable
  readonly #limits: CookieLimits
  /** The least recently used cookies, the next to go last, with the time of their last use. */
  #line: { readonly cookie: StoredCookie; readonly accessed: number }[] = []
  /** Every cookie outside the line was used then or later. */
  #lineEnd = 0

  constructor(table: CookieTable, limits: CookieLimits) {
    this.#table = table
    this.#limits = limits
  }

  /** Called after that cookie was stored. */
  makeRoom(added: StoredCookie, now: number): void {
    const table = this.#table
    const { domain } = added
    // Cookies of another jar or a file may be older than those that stand in line.
    if (added.accessed < this.#lineEnd) this.#line = []
    if (!isCrowded(table, domain, this.#limits)) return
    table.removeExpired(now)
    const most = mostOf(domain, this.#limits)
    while (table.count(domain) > most) table.remove(leastOf(table, domain), now)
    while (table.size > this.#limits.total) table.remove(this.#next(), now)
  }

  #next(): StoredCookie {
    for (;;) {
      const next = this.#line.pop()
      if (next === undefined) this.#lineUp()
      // One that was used, removed or replaced meanwhile has lost its place.
      else if (next.cookie.accessed === next.accessed && this.#table.has(next.cookie))
        return next.cookie
    }
  }

  #lineUp(): void {
    const oldest = [...this.#table.values()].sort(byUse).slice(0, LINED_UP)
    this.#line = oldest.map((cookie) => ({ cookie, accessed: cookie.accessed })).reverse()
    this.#lineEnd = oldest.at(-1)?.accessed ?? 0
  }
}

/** Whether a cookie of that domain is one too many, if it is not for one that has expired. */
export function isCrowded(table: CookieTable, domain: string, limits: CookieLimits): boolean {
  return table.size > limits.total || table.count(domain) > mostOf(domain, limits)
}

/** Unscoped cookies are the caller's own: no server can crowd them, nor may it crowd them out. */
function mostOf(domain: string, { perDomain }: CookieLimits): number {
  return domain === '' ? Infinity : perDomain
}

/** Of a domain that has cookies. */
function leastOf(table: CookieTable, domain: string): StoredCookie {
  const cookies = [...table.members(domain)].sort(byUse)
  const found = cookies.find((cookie) => !cookie.secure) ?? cookies[0]
  if (found === undefined) throw new RangeError('No cookie to remove.')
  return found
}

function byUse(a: StoredCookie, b: StoredCookie): number {
  return a.accessed - b.accessed || a.order - b.order
}
