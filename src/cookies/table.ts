/**
 * Where the cookies of a jar are: one bucket per domain, so that a request looks at the buckets its
 * host domain-matches and at nothing else, however many cookies there are.
 */
import { domainMatch } from './host.ts'
import { isExpired, refreshCookie } from './stored-cookie.ts'
import type { CookieIdentity, StoredCookie } from './stored-cookie.ts'

/** Told of every change. */
export interface TableObserver {
  stored(cookie: StoredCookie): void
  /** `at` is the time at which it was taken out; null when it has expired by itself. */
  removed(cookie: StoredCookie, at: number | null): void
}

const NONE: readonly StoredCookie[] = []

/** By name, as hardly ever two cookies of a domain share one: no key has to be put together. */
class Bucket {
  readonly #named = new Map<string, StoredCookie[]>()
  #size = 0
  #sorted: readonly StoredCookie[] | null = null

  get size(): number {
    return this.#size
  }

  /** In the order of a Cookie header; kept until the bucket changes. */
  get sorted(): readonly StoredCookie[] {
    this.#sorted ??= [...this.values()].sort(byPathThenAge)
    return this.#sorted
  }

  *values(): Generator<StoredCookie> {
    for (const cookies of this.#named.values()) yield* cookies
  }

  find(cookie: CookieIdentity): StoredCookie | undefined {
    const { name, path, hostOnly } = cookie
    for (const each of this.#named.get(name) ?? NONE) {
      if (each.path === path && each.hostOnly === hostOnly) return each
    }
    return undefined
  }

  /** One that is not here yet. */
  add(cookie: StoredCookie): void {
    const named = this.#named.get(cookie.name)
    if (named === undefined) this.#named.set(cookie.name, [cookie])
    else named.push(cookie)
    this.#size += 1
    this.#sorted = null
  }

  /** The one that is here of that identity. */
  delete(cookie: CookieIdentity): boolean {
    const named = this.#named.get(cookie.name)
    const held = this.find(cookie)
    if (named === undefined || held === undefined) return false
    named.splice(named.indexOf(held), 1)
    if (named.length === 0) this.#named.delete(cookie.name)
    this.#size -= 1
    this.#sorted = null
    return true
  }
}

export class CookieTable {
  readonly #buckets = new Map<string, Bucket>()
  /** Null while there is no Secure cookie. */
  #secure: Map<string, Set<StoredCookie>> | null = null
  #size = 0
  #order = 0
  /** No cookie expires before. */
  #nextExpiry = Infinity
  observer: TableObserver | null = null

  get size(): number {
    return this.#size
  }

  *values(): Generator<StoredCookie> {
    for (const bucket of this.#buckets.values()) yield* bucket.values()
  }

  /** How many share a domain. */
  count(domain: string): number {
    return this.#buckets.get(domain)?.size ?? 0
  }

  find(cookie: CookieIdentity): StoredCookie | undefined {
    return this.#buckets.get(cookie.domain)?.find(cookie)
  }

  has(cookie: StoredCookie): boolean {
    return this.find(cookie) === cookie
  }

  /** The cookies of one domain, in no order. */
  members(domain: string): Iterable<StoredCookie> {
    return this.#buckets.get(domain)?.values() ?? []
  }

  /** The cookies of one domain, in the order of a Cookie header. */
  inDomain(domain: string): readonly StoredCookie[] {
    return this.#buckets.get(domain)?.sorted ?? []
  }

  /**
   * RFC 6265bis §5.7 steps 23 and 24: the place and age of the cookie it replaces are kept. True
   * when it replaces none.
   */
  put(cookie: StoredCookie): boolean {
    let bucket = this.#buckets.get(cookie.domain)
    if (bucket === undefined) this.#buckets.set(cookie.domain, (bucket = new Bucket()))
    const old = bucket.find(cookie)
    if (old === undefined) {
      this.#size += 1
      cookie.order = this.#order++
      bucket.add(cookie)
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
    return old === undefined
  }

  remove(cookie: StoredCookie, at: number | null): void {
    const bucket = this.#buckets.get(cookie.domain)
    if (bucket?.delete(cookie) !== true) return
    if (cookie.secure) this.#noteSecure(cookie, false)
    this.#size -= 1
    if (bucket.size === 0) this.#buckets.delete(cookie.domain)
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
    for (const cookie of this.#secure?.get(name) ?? []) {
      if (domainMatch(cookie.domain, domain) || domainMatch(domain, cookie.domain)) yield cookie
    }
  }

  #noteSecure(cookie: StoredCookie, held: boolean): void {
    if (!held && this.#secure === null) return
    this.#secure ??= new Map()
    const named = this.#secure.get(cookie.name) ?? new Set<StoredCookie>()
    if (held) this.#secure.set(cookie.name, named.add(cookie))
    else if (named.delete(cookie) && named.size === 0) this.#secure.delete(cookie.name)
  }
}

/** RFC 6265bis §5.8.3 step 4. */
export function byPathThenAge(a: StoredCookie, b: StoredCookie): number {
  return b.path.length - a.path.length || a.created - b.created || a.order - b.order
}
