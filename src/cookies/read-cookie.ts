/** One cookie from outside (a file, another jar), checked member by member. */
import type { SameSite } from '../types.ts'
import { badCharacters } from './characters.ts'
import { canonicalDomain } from './host.ts'
import { prefixFault } from './prefixes.ts'
import { pairFault } from './set-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'

/** Null when it cannot stand in a jar. */
export function readCookie(data: unknown): StoredCookie | null {
  const name = property(data, 'name')
  const value = property(data, 'value')
  const domain = property(data, 'domain')
  const path = property(data, 'path')
  if (typeof name !== 'string' || typeof value !== 'string') return null
  if (typeof domain !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return null
  const created = timeOf(data, 'created') ?? 0
  const cookie: StoredCookie = {
    name,
    value,
    domain,
    path,
    expires: timeOf(data, 'expires'),
    hostOnly: property(data, 'hostOnly') !== false,
    secure: property(data, 'secure') === true,
    httpOnly: property(data, 'httpOnly') === true,
    sameSite: readSameSite(property(data, 'sameSite')),
    partitioned: property(data, 'partitioned') === true,
    created,
    accessed: timeOf(data, 'accessed') ?? created,
    updated: timeOf(data, 'updated') ?? created,
    order: 0,
    next: null,
  }
  return isSound(cookie) ? cookie : null
}

/** What a jar would have refused does not get in by a file either. */
function isSound(cookie: StoredCookie): boolean {
  const { name, value, domain, path, secure, hostOnly } = cookie
  if (badCharacters(`${name}=${value}${path}`) !== null || /[=;]/.test(name)) return false
  if (value.includes(';') || pairFault(name, value) !== null) return false
  if (domain !== '' && canonicalDomain(domain) !== domain) return false
  return prefixFault({ name, value, secure, hostOnly, explicitPath: path }) === null
}

function readSameSite(value: unknown): SameSite | null {
  return value === 'strict' || value === 'lax' || value === 'none' ? value : null
}

function timeOf(data: unknown, key: string): number | null {
  const value = property(data, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** An own property: what a prototype holds is no option of anybody. */
export function property(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return undefined
  return Reflect.get(data, key)
}
