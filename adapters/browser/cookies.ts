/**
 * `session.cookies` in a browser: what script may see of the engine's own jar. HttpOnly cookies, and
 * those of other hosts and paths, are not in it; where a cookie lies, and until when, nobody tells.
 */
import { emptyJar } from '../../src/empty-jar.ts'
import { CookieConflictError } from '../../src/errors.ts'
import type {
  CookieAttributes,
  CookieRecord,
  CookieScope,
  CookiesInput,
  CookieStore,
} from '../../src/types.ts'
import type { CookiePair, CookieSource } from './cookie-source.ts'
import { documentCookies } from './document-cookies.ts'
import { WorkerCookies } from './worker-cookies.ts'
import type { AsyncCookieStore } from './worker-cookies.ts'

/** A dedicated worker has neither a document nor a CookieStore. */
export function pageCookies(): CookieStore {
  if (typeof document !== 'undefined') return new PageCookies(documentCookies)
  // The types say that it is always there; only a service worker has one.
  const store: AsyncCookieStore | undefined = Reflect.get(globalThis, 'cookieStore')
  return store === undefined ? emptyJar() : new PageCookies(new WorkerCookies(store))
}

export class PageCookies implements CookieStore {
  /** The browser sends them, and stores them, by itself. */
  readonly isNative = true as const
  readonly #source: CookieSource

  constructor(source: CookieSource) {
    this.#source = source
  }

  get size(): number {
    return this.#source.pairs().length
  }

  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    const { domain = '', path = '', httpOnly, sameSite = '' } = attributes
    if (/[\0-\x1f\x7f;]/.test(name + value + domain + path + sameSite) || name.includes('=')) {
      throw new TypeError(
        `The cookie ${JSON.stringify(name)} has a character that no cookie may have.`,
      )
    }
    if (httpOnly === true) {
      throw new TypeError('A script cannot set an HttpOnly cookie: the server has to.')
    }
    this.#source.write(name, value, attributes)
  }

  get(name: string): string | undefined {
    const found = this.#named(name)
    if (found.length > 1) {
      throw new CookieConflictError(
        `${String(found.length)} cookies have the name ${JSON.stringify(name)}, and the browser does not tell them apart.`,
      )
    }
    return found[0]?.[1]
  }

  /** Wherever this page sees it, unless a domain or path is named. */
  delete(name: string, scope: CookieScope = {}): boolean {
    const before = this.#named(name).length
    if (before > 0) this.#source.remove(name, scope)
    return this.#named(name).length < before
  }

  clear(): void {
    for (const [name] of this.#source.pairs()) this.delete(name)
  }

  update(cookies: CookiesInput): void {
    if (Symbol.iterator in cookies) {
      // Only a jar has an iterator: a key of an object of cookies is a text.
      for (const each of cookies as Iterable<CookieRecord>) {
        const { name, value, domain, hostOnly, path, sameSite, ...flags } = each
        const scope = domain === '' || hostOnly ? { path } : { domain, path }
        this.set(name, value, { ...flags, ...scope, ...(sameSite === null ? {} : { sameSite }) })
      }
      return
    }
    for (const [name, value] of Object.entries(cookies)) {
      if (typeof value === 'string') this.set(name, value)
      else if (value === null) this.delete(name)
    }
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.#source.pairs())
  }

  header(): null {
    return null
  }

  setCookie(): void {
    // Set-Cookie is hidden from scripts, so nobody has one to give.
  }

  get changed(): boolean {
    return this.#source.isChanged?.() === true
  }

  /** Resolves when the browser has taken what was written. */
  async save(): Promise<void> {
    await this.#source.save?.()
  }

  /** Resolves when what is read here is what the browser has now. */
  async reload(): Promise<void> {
    await this.#source.reload?.()
  }

  *[Symbol.iterator](): Iterator<CookieRecord> {
    for (const [name, value] of this.#source.pairs()) {
      yield { ...UNTOLD, name, value, domain: location.hostname }
    }
  }

  #named(name: string): CookiePair[] {
    return this.#source.pairs().filter((pair) => pair[0] === name)
  }
}

const UNTOLD = {
  path: '/',
  expires: null,
  hostOnly: true,
  secure: false,
  httpOnly: false,
  sameSite: null,
  partitioned: false,
  created: 0,
  accessed: 0,
} as const
