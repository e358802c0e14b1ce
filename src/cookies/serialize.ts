/** The jar as data: versioned JSON with every flag, and what `update` accepts. */
import { describe } from '../bytes.ts'
import type { CookieRecord, CookiesInput } from '../types.ts'
import { property, readCookie } from './read-cookie.ts'
import { toRecord } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import { isToughJSON, readToughCookie } from './tough-json.ts'

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
 * The cookies of a JSON text or value, tough-cookie's too; a cookie that no jar could hold is left out.
 * @throws TypeError when it is no jar, or one of a later version.
 */
export function fromJSON(json: unknown): StoredCookie[] {
  const data = parseJSON(json)
  const cookies = property(data, 'cookies')
  if (isToughJSON(data) && Array.isArray(cookies)) {
    return cookies.map(readToughCookie).filter((cookie) => cookie !== null)
  }
  if (property(data, 'format') !== FORMAT || !Array.isArray(cookies)) {
    throw new TypeError(`This is no cookie jar: ${describe(data)} without "format": "${FORMAT}".`)
  }
  const version = property(data, 'version')
  if (version !== VERSION) {
    throw new TypeError(`This cookie jar has the unknown version ${JSON.stringify(version)}.`)
  }
  return cookies.map(readCookie).filter((cookie) => cookie !== null)
}

/** The value of a text; the engine's own error would quote it, and with it cookies. */
export function parseJSON(json: unknown): unknown {
  if (typeof json !== 'string') return json
  try {
    return JSON.parse(json)
  } catch {
    throw new TypeError('This is no cookie jar: the text is no JSON.')
  }
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
