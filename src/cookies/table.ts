/**
 * Where the cookies of a jar are: one bucket per domain, so that a request looks at the buckets its
 * host domain-matches and at nothing else, however many cookies there are.
 */
import { domainMatch } from './host.ts'
import { identity, isExpired, refreshCookie } from './stored-cookie.ts'
import type { CookieIdentity, StoredCookie } from './stored-cookie.ts'

/** Told of every change. */
export interface TableObserver {
  stored(cookie: StoredCookie): void
  /** `at` is the time at which it was taken out; null when it has expired by itself. */
  removed(cookie: StoredCookie, at: number | null): void
}

class Bucket {
  readonly cookies: Map<string, StoredCookie> = new Map()
  #sorted: readonly StoredCookie[] | null = null

  /** In the order of a Cookie header; kept until the bucket changes. */
  get sorted(): readonly StoredCookie[] {
    this.#sorted ??= [...this.cookies.values()].sort(byPathThenAge)
    return this.#sorted
  }

  changed(): void {
    this.#sorted = null
  }
}

export class CookieTable {
  readonly #buckets = new Map<string, Bucket>()
  readonly #secure = new Map<string, Set<StoredCookie>>()
  #size = 0
  #order = 0
  /** No cookie expires before. */
  #nextExpiry = Infinity
  observer: TableObserver | null = null

  get size(): number {
    return this.#size
  }

  *values(): Generator<StoredCookie> {
    for (const bucket of this.#buckets.values()) yield* bucket.cookies.values()
  }

  /** How many share a domain. */
  count(domain: string): number {
    return this.#buckets.get(domain)?.cookies.size ?? 0
  }

  find(cookie: CookieIdentity): StoredCookie | undefined {
    return this.#buckets.get(cookie.domain)?.cookies.get(identity(cookie))
  }

  has(cookie: StoredCookie): boolean {
    return this.find(cookie) === cookie
  }

  /** The cookies of one domain, in no order. */
  members(domain: string): Iterable<StoredCookie> {
    return this.#buckets.get(domain)?.cookies.values() ?? []
  }

  /** The cookies of one domain, in the order of a Cookie header. */
  inDomain(domain: string): readonly StoredCookie[] {
    return this.#buckets.get(domain)?.sorted ?? []
  }

  /** RFC 6265bis §5.7 steps 23 and 24: the place and age of the cookie it replaces are kept. */
  put(cookie: StoredCookie): void {
    let bucket = this.#buckets.get(cookie.domain)
    if (bucket === undefined) this.#buckets.set(cookie.domain, (bucket = new Bucket()))
    const key = identity(cookie)
    const old = bucket.cookies.get(key)
    if (old === undefined) {
      this.#size += 1
      cookie.order = this.#order++
      bucket.cookies.set(key, cookie)
      bucket.changed()
      this.#noteSecure(cookie, cookie.secure)
    } else {
      const wasSecure = old.secure
      // In place, so that the order of the bucket holds.
      refreshCookie(old, cookie)
      if (wasSecure !== cookie.secure) this.#noteSecure(old, cookie.secure)
    }
    if (cookie.expires !== null && cookie.expires < this.#nextExpiry) {
      this.#nextExpiry = cookie.expires
    }
    this.observer?.stored(old ?? cookie)
  }

  remove(cookie: StoredCookie, at: number | null): void {
    const bucket = this.#buckets.get(cookie.domain)
    if (bucket?.cookies.delete(identity(cookie)) !== true) return
    bucket.changed()
    if (cookie.secure) this.#noteSecure(cookie, false)
    this.#size -= 1
    if (bucket.cookies.size === 0) this.#buckets.delete(cookie.domain)
    this.observer?.removed(cookie, at)
  }

  removeExpired(now: number): void {
    if (now < this.#nextExpiry) return
    let next = Infinity
    for (const cookie of [...this.values()]) {
      if (isExpired(cookie, now)) this.remove(cookie, null)
      else if (cookie.expires !== null && cookie.expires < next) next = cookie.expires
    }
    this.#nextExpiry = next
  }

  /** Secure cookies of that name whose domain matches this one or is matched by it. */
  *secureRelatives(name: string, domain: string): Generator<StoredCookie> {
    for (const cookie of this.#secure.get(name) ?? []) {
      if (domainMatch(cookie.domain, domain) || domainMatch(domain, cookie.domain)) yield cookie
    }
  }

  #noteSecure(cookie: StoredCookie, held: boolean): void {
    const named = this.#secure.get(cookie.name) ?? new Set<StoredCookie>()
    if (held) this.#secure.set(cookie.name, named.add(cookie))
    else if (named.delete(cookie) && named.size === 0) this.#secure.delete(cookie.name)
  }
}

/** RFC 6265bis §5.8.3 step 4. */
export function byPathThenAge(a: StoredCookie, b: StoredCookie): number {
  return b.path.length - a.path.length || a.created - b.created || a.order - b.order
}
