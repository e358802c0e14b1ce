/** A cookie that the caller gives by `jar.set`: what a server may not do throws here. */
import { describe } from '../bytes.ts'
import { InvalidHeaderError } from '../errors.ts'
import type { CookieAttributes } from '../types.ts'
import { badCharacters } from './characters.ts'
import { canonicalDomain, isAddress } from './host.ts'
import { expiryTime } from './lifetime.ts'
import { namePrefix, prefixFault } from './prefixes.ts'
import { pairFault } from './set-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'

/**
 * The cookie as stored. Without a domain it is unscoped; with one it goes to that host and, unless
 * that is an address or a single label, to every host below it.
 * @throws InvalidHeaderError for a name or value that no Cookie header can carry.
 */
export function givenCookie(
  name: string,
  value: string,
  attributes: CookieAttributes,
  now: number,
): StoredCookie {
  checkPair(name, value)
  const prefix = namePrefix(name)
  const domain = givenDomain(attributes.domain)
  const path = givenPath(attributes.path)
  const cookie: StoredCookie = {
    name,
    value,
    domain,
    path,
    expires: givenExpiry(attributes, now),
    // A cookie with the prefix __Host- belongs to one host, the one its domain names.
    hostOnly: domain === '' || !domain.includes('.') || isAddress(domain) || prefix === 'host',
    // The prefix says so; a caller copies such cookies by name and value alone.
    secure: attributes.secure ?? prefix !== null,
    httpOnly: attributes.httpOnly ?? false,
    sameSite: attributes.sameSite ?? null,
    partitioned: attributes.partitioned ?? false,
    created: now,
    accessed: now,
    updated: now,
    order: 0,
    next: null,
  }
  checkFlags(cookie)
  return cookie
}

/** In the form in which the jar keeps domains. */
export function givenDomain(domain: string | undefined): string {
  if (domain === undefined) return ''
  const canonical = typeof domain === 'string' ? canonicalDomain(domain) : null
  if (canonical !== null) return canonical
  const shown = typeof domain === 'string' ? JSON.stringify(domain) : describe(domain)
  throw new TypeError(`The domain of a cookie must be a host name such as "example.com": ${shown}.`)
}

function checkPair(name: string, value: string): void {
  for (const [what, text] of [
    ['name', name],
    ['value', value],
  ] as const) {
    if (typeof text !== 'string') {
      throw new TypeError(`The ${what} of a cookie must be a string, not ${describe(text)}.`)
    }
  }
  const fault = badName(name) ?? badValue(name, value) ?? pairFault(name, value)
  if (fault !== null) {
    const which = name === '' ? 'A cookie' : `The cookie ${JSON.stringify(name.slice(0, 80))}`
    throw new InvalidHeaderError(`${which} cannot be sent: ${fault}. Encode it first.`)
  }
}

function badName(name: string): string | null {
  const bad = badCharacters(name)
  if (bad !== null) return `in its name, ${bad}`
  return /[=;]/.test(name) || hasEdges(name)
    ? 'its name has "=", ";" or white space around it'
    : null
}

/** A nameless `a=b` would be read as the cookie `a`. */
function badValue(name: string, value: string): string | null {
  const bad = badCharacters(value)
  if (bad !== null) return `in its value, ${bad}`
  if (value.includes(';') || hasEdges(value)) return 'its value has ";" or white space around it'
  return name === '' && value.includes('=') ? 'it has no name, and its value has "="' : null
}

function hasEdges(text: string): boolean {
  return /^[\t ]|[\t ]$/.test(text)
}

function givenPath(path: string | undefined): string {
  if (path === undefined) return '/'
  if (typeof path !== 'string' || !path.startsWith('/') || badCharacters(path) !== null) {
    throw new TypeError('The path of a cookie must begin with "/" and have no control characters.')
  }
  return path
}

function givenExpiry(attributes: CookieAttributes, now: number): number | null {
  const maxAge = attributes.maxAge ?? null
  const { expires = null } = attributes
  const at = expires instanceof Date ? expires.getTime() : expires
  for (const number of [maxAge, at]) {
    if (number !== null && (typeof number !== 'number' || Number.isNaN(number))) {
      throw new TypeError(
        'expires of a cookie must be a valid Date or milliseconds since the epoch, maxAge seconds.',
      )
    }
  }
  return expiryTime(maxAge, at, now)
}

function checkFlags(cookie: StoredCookie): void {
  const { name, value, secure, hostOnly, sameSite, partitioned } = cookie
  if (sameSite !== null && sameSite !== 'strict' && sameSite !== 'lax' && sameSite !== 'none') {
    throw new TypeError('sameSite of a cookie must be "strict", "lax" or "none".')
  }
  const fault =
    prefixFault({ name, value, secure, hostOnly, explicitPath: cookie.path }) ??
    (!secure && sameSite === 'none' ? 'SameSite=None demands Secure' : null) ??
    (!secure && partitioned ? 'Partitioned demands Secure' : null)
  if (fault !== null) throw new TypeError(`A cookie contradicts itself: ${fault}.`)
}
