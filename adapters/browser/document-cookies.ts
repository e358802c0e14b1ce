/** The cookies of a page as its script may see them: `document.cookie`, read and written at once. */
import { UnsupportedError } from '../../src/errors.ts'
import type { CookieAttributes, CookieScope } from '../../src/types.ts'
import type { CookiePair, CookieSource } from './cookie-source.ts'

export const documentCookies: CookieSource = { pairs, write, remove }

function pairs(): CookiePair[] {
  const shown = read()
  if (shown === '') return []
  return shown.split('; ').map((text) => {
    const at = text.indexOf('=')
    return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
  })
}

/** A sandboxed document may not even ask: it sees none. */
function read(): string {
  try {
    return document.cookie
  } catch {
    return ''
  }
}

function write(name: string, value: string, attributes: CookieAttributes): void {
  try {
    document.cookie = line(name, value, attributes)
  } catch (cause) {
    throw new UnsupportedError('A sandboxed page has no cookies.', { cause })
  }
  // The engine refuses without a word. What lies elsewhere, or ends at once, cannot be looked up;
  // WebKitGTK shows what it has refused all the same.
  const { domain, path = '/', expires, maxAge } = attributes
  if (domain !== undefined || path !== '/' || maxAge !== undefined || expires) return
  if (pairs().some(([each, held]) => each === name && held === value)) return
  throw new UnsupportedError(
    `The browser did not take the cookie ${JSON.stringify(name)}: cookies are switched off, its prefix demands https, it is too long, or an HttpOnly cookie has its name.`,
  )
}

/** The engine does not tell where a cookie lies, so it is looked for wherever this page sees it. */
function remove(name: string, scope: CookieScope): void {
  const paths = scope.path === undefined ? pathsAbove(location.pathname) : [scope.path]
  const domains = scope.domain === undefined ? domainsAbove(location.hostname) : [scope.domain]
  for (const path of paths) {
    for (const domain of domains) {
      const where = { path, maxAge: 0, ...(domain === null ? {} : { domain }) }
      document.cookie = line(name, '', where)
      // Names with a prefix, and partitioned cookies, are other cookies without these.
      if (isSecureContext) document.cookie = line(name, '', { ...where, secure: true })
      if (isSecureContext) {
        document.cookie = line(name, '', { ...where, secure: true, partitioned: true })
      }
    }
  }
}

/** `/a/b`: `/a/b`, `/a/`, `/a`, `/`. */
function pathsAbove(pathname: string): string[] {
  const paths = new Set([pathname])
  for (let at = pathname.lastIndexOf('/'); at >= 0; at = pathname.lastIndexOf('/', at - 1)) {
    paths.add(pathname.slice(0, at + 1))
    if (at > 0) paths.add(pathname.slice(0, at))
    else break
  }
  return [...paths]
}

/** Null is the host alone; a domain may span the hosts below it. */
function domainsAbove(hostname: string): (string | null)[] {
  const labels = hostname.split('.')
  return [null, ...labels.map((_, index) => labels.slice(index).join('.'))]
}

function line(name: string, value: string, attributes: CookieAttributes): string {
  const { domain, path = '/', expires, maxAge, sameSite } = attributes
  const texts = [`${name}=${value}`, `Path=${path}`]
  if (domain !== undefined) texts.push(`Domain=${domain}`)
  if (expires !== undefined && expires !== null) {
    texts.push(`Expires=${new Date(expires).toUTCString()}`)
  }
  if (maxAge !== undefined) texts.push(`Max-Age=${String(maxAge)}`)
  if (sameSite !== undefined) texts.push(`SameSite=${sameSite}`)
  if (attributes.secure === true) texts.push('Secure')
  if (attributes.partitioned === true) texts.push('Partitioned')
  return texts.join('; ')
}
