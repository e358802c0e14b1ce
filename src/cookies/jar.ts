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
import { Evictor, isCrowded } from './evict.ts'
import { givenCookie, givenDomain } from './given.ts'
import { JarSettings } from './jar-settings.ts'
import type { CookieJarOptions } from './jar-settings.ts'
import { expiryTime } from './lifetime.ts'
import { formatNetscape, parseNetscape } from './netscape.ts'
import { CookieReceiver } from './receiver.ts'
import { cookieHeader } from './retrieve.ts'
import { cookieEntries, fromJSON, toJSON } from './serialize.ts'
import type { CookieJarJSON } from './serialize.ts'
import { isExpired, toRecord } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import { CookieTable } from './table.ts'
import { toToughJSON } from './tough-json.ts'
import { originOf } from '../url.ts'

export type { CookieJarOptions } from './jar-settings.ts'

export class CookieJar implements CookieStore {
  readonly #table: CookieTable
  readonly #settings: JarSettings
  // Made when they are needed: most jars of many hold a cookie or two.
  #evictor: Evictor | null = null
  #receiver: CookieReceiver | null = null

  /** @param table only for jars that keep their table elsewhere, too. */
  constructor(options: CookieJarOptions = {}, table: CookieTable = new CookieTable()) {
    this.#table = table
    this.#settings = options instanceof JarSettings ? options : new JarSettings(options)
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
    // Few cookies expire, and a clock that is read with every call takes time.
    if (this.#table.nextExpiry < Infinity) this.#table.removeExpired(this.#now())
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

  header(url: URL, origin?: string): string | null {
    const hasUnscoped = this.#table.count('') > 0
    const unscoped = hasUnscoped && (origin === undefined || originOf(url) === origin)
    return cookieHeader(this.#table, url, unscoped, this.#now())
  }

  setCookie(header: string, url: URL): void | Promise<void> {
    this.#receiver ??= new CookieReceiver(this.#table, this.#evicting(), this.#settings)
    return this.#receiver.receive(header, url)
  }

  /** An expired cookie only removes the one it would replace (§5.7, "evict all expired"). */
  #store(cookie: StoredCookie): void {
    const now = this.#now()
    if (isExpired(cookie, now)) {
      const old = this.#table.find(cookie.name, cookie.path, cookie)
      if (old !== undefined) this.#table.remove(old, now)
      return
    }
    // A file may claim more than §5.5 grants.
    cookie.expires = expiryTime(null, cookie.expires, now)
    if (this.#table.put(cookie)) this.#makeRoom(cookie, now)
  }

  #makeRoom(added: StoredCookie, now: number): void {
    const { limits } = this.#settings
    if (this.#evictor === null && !isCrowded(this.#table, added.domain, limits)) return
    this.#evicting().makeRoom(added, now)
  }

  #evicting(): Evictor {
    this.#evictor ??= new Evictor(this.#table, this.#settings.limits)
    return this.#evictor
  }

  #now(): number {
    return this.#settings.now()
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
}
