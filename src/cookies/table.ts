/**
 * Where the cookies of a jar are: one bucket per domain, so that a request looks at the buckets its
 * host domain-matches and at nothing else, however many cookies there are.
 */
import { domainMatch } from './host.ts'
import { SlimMap } from './slim-map.ts'
import { isExpired, refreshCookie } from './stored-cookie.ts'
import type { CookieChange, CookieIdentity, Scope, StoredCookie } from './stored-cookie.ts'

/** Told of every change. */
export interface TableObserver {
  stored(cookie: StoredCookie): void
  /** `at` is the time at which it was taken out; null when it has expired by itself. */
  removed(cookie: StoredCookie, at: number | null): void
}

/** One domain's, by name; the few of a domain that share one are a chain. No key has to be put together. */
export class Bucket {
  readonly #named = new SlimMap<StoredCookie>()
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
    for (const first of this.#named.values()) {
      for (let each: StoredCookie | null = first; each !== null; each = each.next) yield each
    }
  }

  find(name: string, path: string, hostOnly: boolean): StoredCookie | undefined {
    let each = this.#named.get(name) ?? null
    while (each !== null && (each.path !== path || each.hostOnly !== hostOnly)) each = each.next
    return each ?? undefined
  }

  /** One that is not here yet. */
  add(cookie: StoredCookie): void {
    cookie.next = this.#named.get(cookie.name) ?? null
    this.#named.set(cookie.name, cookie)
    this.#size += 1
    this.#sorted = null
  }

  /** The one that is here of that identity. */
  delete(cookie: CookieIdentity): boolean {
    const { name, path, hostOnly } = cookie
    const held = this.find(name, path, hostOnly)
    let before = this.#named.get(name)
    if (held === undefined || before === undefined) return false
    if (before !== held) {
      while (before.next !== null && before.next !== held) before = before.next
      before.next = held.next
    } else if (held.next !== null) this.#named.set(name, held.next)
    else this.#named.delete(name)
    this.#size -= 1
    this.#sorted = null
    return true
  }
}

export interface BucketScope extends Scope {
  bucket: Bucket | null
}

/** What went to a request, and to which requests the same goes until a cookie changes. */
export interface Retrieved {
  readonly header: string | null
  readonly cookies: readonly StoredCookie[]
  readonly host: string
  readonly protocol: string
  /** Null where no cookie of the host has a path but `/`. */
  readonly path: string | null
  readonly unscoped: boolean
  /** When they were last noted as used. */
  accessed: number
}

export class CookieTable {
  readonly #buckets = new SlimMap<Bucket>()
  /** Null while there is no Secure cookie. */
  #secure: Map<string, Set<StoredCookie>> | null = null
  #size = 0
  #order = 0
  /** No cookie expires before. */
  #nextExpiry = Infinity
  observer: TableObserver | null = null
  /** For whoever retrieves cookies; forgotten with every change. */
  retrieved: Retrieved | null = null

  /** Before that time none expires. */
  get nextExpiry(): number {
    return this.#nextExpiry
  }

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

  find(name: string, path: string, scope: Scope): StoredCookie | undefined {
    return this.#buckets.get(scope.domain)?.find(name, path, scope.hostOnly)
  }

  /** As `find`, for a scope that is asked for again and again: it keeps its bucket. */
  findIn(scope: BucketScope, name: string, path: string): StoredCookie | undefined {
    // An empty one may have been given up.
    if (scope.bucket === null || scope.bucket.size === 0) {
      scope.bucket = this.#buckets.get(scope.domain) ?? null
    }
    return scope.bucket?.find(name, path, scope.hostOnly)
  }

  has(cookie: StoredCookie): boolean {
    return this.find(cookie.name, cookie.path, cookie) === cookie
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
    const { name, path, hostOnly, value, expires, updated } = cookie
    const old = bucket.find(name, path, hostOnly)
    if (old !== undefined && !isExpired(old, updated)) {
      this.refresh(old, { value, expires, flags: cookie, at: updated })
      old.accessed = cookie.accessed
      return false
    }
    // What had expired before is none to take the place and age of.
    if (old !== undefined) {
      this.remove(old, null)
      this.#buckets.set(cookie.domain, bucket)
    }
    this.#size += 1
    cookie.order = this.#order++
    bucket.add(cookie)
    this.#noteSecure(cookie, cookie.secure)
    this.#noteStored(cookie)
    return true
  }

  /** A cookie that is here becomes another; in place, so that the order of its bucket holds. */
  refresh(held: StoredCookie, change: CookieChange): void {
    const wasSecure = held.secure
    refreshCookie(held, change)
    if (wasSecure !== held.secure) this.#noteSecure(held, held.secure)
    this.#noteStored(held)
  }

  remove(cookie: StoredCookie, at: number | null): void {
    const bucket = this.#buckets.get(cookie.domain)
    if (bucket?.delete(cookie) !== true) return
    this.retrieved = null
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

  #noteStored(cookie: StoredCookie): void {
    const { expires } = cookie
    this.retrieved = null
    if (expires !== null && expires < this.#nextExpiry) this.#nextExpiry = expires
    this.observer?.stored(cookie)
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
