/** The jar as data: versioned JSON with every flag, and what `update` accepts. */
import { describe } from '../bytes.ts'
import type { CookieRecord, CookiesInput, SameSite } from '../types.ts'
import { badCharacters } from './characters.ts'
import { canonicalDomain } from './host.ts'
import { prefixFault } from './prefixes.ts'
import { pairFault } from './set-cookie.ts'
import { toRecord } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'

const FORMAT = 'ubiquest-cookies'
const VERSION = 1

export interface CookieJarJSON {
  readonly format: string
  readonly version: number
  readonly cookies: readonly CookieJSON[]
}
export interface CookieJSON extends CookieRecord {
  readonly updated: number
}

export function toJSON(cookies: Iterable<StoredCookie>): CookieJarJSON {
  const list: CookieJSON[] = []
  for (const cookie of cookies) list.push({ ...toRecord(cookie), updated: cookie.updated })
  return { format: FORMAT, version: VERSION, cookies: list }
}

/**
 * The cookies of a JSON text or value; a cookie that no jar could hold is left out.
 * @throws TypeError when it is no jar, or one of a later version.
 */
export function fromJSON(json: unknown): StoredCookie[] {
  const data: unknown = typeof json === 'string' ? JSON.parse(json) : json
  const cookies = property(data, 'cookies')
  if (property(data, 'format') !== FORMAT || !Array.isArray(cookies)) {
    throw new TypeError(`This is no cookie jar: ${describe(data)} without "format": "${FORMAT}".`)
  }
  const version = property(data, 'version')
  if (version !== VERSION) {
    throw new TypeError(`This cookie jar has the unknown version ${JSON.stringify(version)}.`)
  }
  return cookies.map(readCookie).filter((cookie) => cookie !== null)
}

/** What `update` was given, one by one; `null` deletes. */
export function* cookieEntries(
  input: CookiesInput,
): Generator<{ record: StoredCookie } | { name: string; value: string | null }> {
  if (typeof input !== 'object' || input === null) {
    throw new TypeError(`cookies must be an object or a CookieJar, not ${describe(input)}.`)
  }
  if (Symbol.iterator in input) {
    // Read to the end first: the jar may be given its own cookies.
    for (const item of [...(input as Iterable<unknown>)]) {
      const record = readCookie(item)
      if (record === null) {
        throw new TypeError('cookies must be an object or a CookieJar, not a list of other things.')
      }
      yield { record }
    }
    return
  }
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) yield { name, value }
  }
}

/** One cookie from outside, checked member by member; null when it cannot stand in a jar. */
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
function property(data: unknown, key: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return undefined
  return Reflect.get(data, key)
}
