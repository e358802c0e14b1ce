/**
 * The cookie jar: the surface over table, receive, retrieve and evict. Everything is synchronous,
 * but `setCookie` where a Domain is named and the public suffixes have still to be loaded.
 */
import { CookieConflictError } from '../errors.ts'
import { bare } from '../own.ts'
import type {
  CookieAttributes,
  CookieRecord,
  CookieScope,
  CookiesInput,
  CookieStore,
} from '../types.ts'
import { AttributeReader } from './attributes.ts'
import { Evictor } from './evict.ts'
import type { CookieLimits } from './evict.ts'
import { givenCookie, givenDomain } from './given.ts'
import { expiryTime } from './lifetime.ts'
import { formatNetscape, parseNetscape } from './netscape.ts'
import { asksSuffix, receiveCookie } from './receive.ts'
import type { Arrival, PublicSuffix } from './receive.ts'
import { cookieHeader } from './retrieve.ts'
import { isSecure } from './secure-host.ts'
import { cookieEntries, fromJSON, toJSON } from './serialize.ts'
import type { CookieJarJSON } from './serialize.ts'
import { parseCookieLine } from './set-cookie.ts'
import type { ParsedCookie } from './set-cookie.ts'
import { isExpired, toRecord } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import { CookieTable } from './table.ts'
import { toToughJSON } from './tough-json.ts'
import { originOf } from '../url.ts'

/** Gives the function that finds the public suffix of a domain, at once when it is there. */
export type SuffixLoader = () => PublicSuffix | Promise<PublicSuffix>

export interface CookieJarOptions {
  /** Without it every Domain of several labels is believed, and single labels are refused. */
  readonly publicSuffix?: SuffixLoader
  /** Cookies per domain (180) and in all (3000). */
  readonly limits?: Partial<CookieLimits>
  /** Told why a Set-Cookie line was not stored, without its value. */
  readonly onRefused?: (reason: string, url: URL) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export class CookieJar implements CookieStore {
  readonly #table: CookieTable
  readonly #options: CookieJarOptions
  readonly #evictor: Evictor
  /** Made with the first cookie of a server: most jars of many never get one. */
  #reader: AttributeReader | null = null
  #publicSuffix: PublicSuffix | null = null

  /** @param table only for jars that keep their table elsewhere, too. */
  constructor(options: CookieJarOptions = {}, table: CookieTable = new CookieTable()) {
    this.#table = table
    this.#options = bare(options)
    this.#evictor = new Evictor(table, { perDomain: 180, total: 3000, ...this.#options.limits })
  }

  /** A jar with the cookies that `toJSON` of this jar, or of tough-cookie's, has written. */
  static fromJSON(json: unknown, options: CookieJarOptions = {}): CookieJar {
    // Of the class it is called on: an adapter's jar knows the public suffixes.
    const jar = new this(options)
    for (const cookie of fromJSON(json)) jar.#store(cookie)
    return jar
  }

  static fromNetscape(text: string, options: CookieJarOptions = {}): CookieJar {
    // Of the class it is called on: an adapter's jar knows the public suffixes.
    const jar = new this(options)
    for (const cookie of parseNetscape(text, jar.#now())) jar.#store(cookie)
    return jar
  }

  get size(): number {
    this.#table.removeExpired(this.#now())
    return this.#table.size
  }

  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    this.#store(givenCookie(name, value, bare(attributes), this.#now()))
  }

  get(name: string, scope: CookieScope = {}): string | undefined {
    const found = this.#find(name, scope)
    if (found.length > 1) {
      const where = found.map((cookie) => `${cookie.domain || '(any)'}${cookie.path}`).join(', ')
      throw new CookieConflictError(
        `${String(found.length)} cookies have the name ${JSON.stringify(name)}: ${where}. Name the domain and the path.`,
      )
    }
    return found[0]?.value
  }

  /** Deletes every cookie that matches; true when there was one. */
  delete(name: string, scope: CookieScope = {}): boolean {
    const found = this.#find(name, scope)
    for (const cookie of found) this.#table.remove(cookie, this.#now())
    return found.length > 0
  }

  clear(): void {
    const now = this.#now()
    for (const cookie of [...this.#table.values()]) this.#table.remove(cookie, now)
  }

  /** Names and values of an object become unscoped cookies, `null` deletes; a jar's keep all. */
  update(cookies: CookiesInput): void {
    for (const entry of cookieEntries(cookies)) {
      if ('record' in entry) this.#store({ ...entry.record, updated: this.#now() })
      else if (entry.value === null) this.delete(entry.name)
      else this.set(entry.name, entry.value)
    }
  }

  /** Names and values; of several cookies of one name the youngest. */
  toObject(): Record<string, string> {
    // The type of an object without prototype is any.
    const object = Object.create(null) as Record<string, string>
    for (const cookie of this) object[cookie.name] = cookie.value
    return object
  }

  *[Symbol.iterator](): IterableIterator<CookieRecord> {
    for (const cookie of this.#alive()) yield toRecord(cookie)
  }

  /** Every cookie with every flag. */
  toJSON(): CookieJarJSON {
    return toJSON(this.#alive())
  }

  /** The text of a `cookies.txt`, as curl, wget and Python's MozillaCookieJar read it. */
  toNetscape(): string {
    return formatNetscape(this.#alive())
  }

  /** The JSON that tough-cookie reads. */
  toToughJSON(): Record<string, unknown> {
    return toToughJSON(this.#alive())
  }

  header(url: URL, origin: string = originOf(url)): string | null {
    return cookieHeader(this.#table, url, originOf(url) === origin, this.#now())
  }

  setCookie(header: string, url: URL): void | Promise<void> {
    this.#reader ??= new AttributeReader()
    const parsed = parseCookieLine(header, this.#reader)
    if ('refused' in parsed) {
      this.#options.onRefused?.(parsed.refused, url)
      return
    }
    const { publicSuffix } = this.#options
    if (publicSuffix === undefined || this.#publicSuffix !== null || !asksSuffix(parsed)) {
      this.#receive(parsed, url)
      return
    }
    const loading = publicSuffix()
    if (typeof loading === 'function') {
      this.#publicSuffix = loading
      this.#receive(parsed, url)
      return
    }
    return loading.then((loaded) => {
      this.#publicSuffix = loaded
      this.#receive(parsed, url)
    })
  }

  #receive(parsed: ParsedCookie, url: URL): void {
    const arrival: Arrival = {
      host: url.hostname,
      path: url.pathname,
      secure: isSecure(url),
      now: this.#now(),
      publicSuffix: this.#publicSuffix,
    }
    const cookie = receiveCookie(parsed, arrival, this.#table)
    if ('refused' in cookie) this.#options.onRefused?.(cookie.refused, url)
    else this.#store(cookie, arrival.now)
  }

  /** An expired cookie only removes the one it would replace (§5.7, "evict all expired"). */
  #store(cookie: StoredCookie, now: number = this.#now()): void {
    if (isExpired(cookie, now)) {
      const old = this.#table.find(cookie)
      if (old !== undefined) this.#table.remove(old, now)
      return
    }
    // A file may claim more than §5.5 grants.
    cookie.expires = expiryTime(null, cookie.expires, now)
    if (this.#table.put(cookie)) this.#evictor.makeRoom(cookie, now)
  }

  #find(name: string, given: CookieScope): StoredCookie[] {
    this.#table.removeExpired(this.#now())
    const scope = bare(given)
    const domain = scope.domain === undefined ? undefined : givenDomain(scope.domain || undefined)
    const within = domain === undefined ? this.#table.values() : this.#table.inDomain(domain)
    const found: StoredCookie[] = []
    for (const cookie of within) {
      if (cookie.name === name && (scope.path ?? cookie.path) === cookie.path) found.push(cookie)
    }
    return found
  }

  /** In the order in which they were created. */
  #alive(): StoredCookie[] {
    this.#table.removeExpired(this.#now())
    return [...this.#table.values()].sort((a, b) => a.order - b.order)
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}
