/** What a page's script may see of the browser's own jar, by `document.cookie`. */
import { CookieConflictError } from '../../src/errors.ts'
import { emptyJar } from '../../src/empty-jar.ts'
import type { CookieAttributes, CookieRecord, CookiesInput, CookieStore } from '../../src/types.ts'

/** HttpOnly cookies, and those of other hosts and paths, are not in it. */
export function pageCookies(): CookieStore {
  return typeof document === 'undefined' ? emptyJar() : new PageCookies()
}

class PageCookies implements CookieStore {
  get size(): number {
    return pairs().length
  }

  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    const text = `${name}=${value}`
    if (/[\0-\x1f\x7f;]/.test(text) || name.includes('=')) {
      throw new TypeError(
        `The cookie ${JSON.stringify(name)} has a character that no cookie may have.`,
      )
    }
    document.cookie = [text, ...attributeTexts(attributes)].join('; ')
  }

  get(name: string): string | undefined {
    const found = pairs().filter((pair) => pair[0] === name)
    if (found.length > 1) {
      throw new CookieConflictError(`There are ${String(found.length)} cookies named ${name}.`)
    }
    return found[0]?.[1]
  }

  /** Those of this page's own host, under `path`; the browser tells neither of a cookie. */
  delete(name: string, scope: CookieAttributes = {}): boolean {
    const before = this.size
    const { domain, path = '/' } = scope
    this.set(name, '', { ...(domain === undefined ? {} : { domain }), path, maxAge: 0 })
    return this.size < before
  }

  clear(): void {
    for (const [name] of pairs()) this.delete(name)
  }

  update(cookies: CookiesInput): void {
    if (Symbol.iterator in cookies) {
      for (const { name, value } of cookies as Iterable<CookieRecord>) this.set(name, value)
      return
    }
    for (const [name, value] of Object.entries(cookies)) {
      if (typeof value === 'string') this.set(name, value)
      else if (value === null) this.delete(name)
    }
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(pairs())
  }

  /** The browser sends them by itself. */
  header(): null {
    return null
  }

  /** And stores them by itself. */
  setCookie(): void {
    // Set-Cookie is hidden from scripts, so nobody has one to give.
  }

  *[Symbol.iterator](): Iterator<CookieRecord> {
    for (const [name, value] of pairs()) {
      yield {
        name,
        value,
        domain: location.hostname,
        path: '/',
        expires: null,
        hostOnly: true,
        secure: false,
        httpOnly: false,
        sameSite: null,
        partitioned: false,
        created: 0,
        accessed: 0,
      }
    }
  }
}

function pairs(): [name: string, value: string][] {
  if (document.cookie === '') return []
  return document.cookie.split('; ').map((text) => {
    const at = text.indexOf('=')
    return at === -1 ? ['', text] : [text.slice(0, at), text.slice(at + 1)]
  })
}

function attributeTexts(attributes: CookieAttributes): string[] {
  const { domain, path = '/', expires, maxAge, sameSite } = attributes
  if (attributes.httpOnly === true) {
    throw new TypeError('A script cannot set an HttpOnly cookie: the server has to.')
  }
  const texts = [`Path=${path}`]
  if (domain !== undefined) texts.push(`Domain=${domain}`)
  if (expires !== undefined && expires !== null) {
    texts.push(`Expires=${new Date(expires).toUTCString()}`)
  }
  if (maxAge !== undefined) texts.push(`Max-Age=${String(maxAge)}`)
  if (sameSite !== undefined) texts.push(`SameSite=${sameSite}`)
  if (attributes.secure === true) texts.push('Secure')
  if (attributes.partitioned === true) texts.push('Partitioned')
  for (const text of texts) {
    if (/[\0-\x1f\x7f;]/.test(text)) throw new TypeError('A cookie attribute has a bad character.')
  }
  return texts
}
