/**
 * The text of `cookies.txt`, which curl, wget and Python's MozillaCookieJar share. The format has
 * no place for SameSite, Partitioned, creation times, unscoped cookies and tabs: JSON has.
 */
import { canonicalDomain } from './host.ts'
import { readCookie } from './read-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'

/** Python reads no file without the first line. */
const HEADER = '# Netscape HTTP Cookie File\n# Written by ubiquest; lines are tab-separated.\n\n'
const HTTP_ONLY = '#HttpOnly_'

/** A session cookie has the expiry 0, as curl and wget write it. */
export function formatNetscape(cookies: Iterable<StoredCookie>): string {
  let text = HEADER
  for (const cookie of cookies) {
    if (!canWriteNetscape(cookie)) continue
    const domain = cookie.hostOnly ? cookie.domain : `.${cookie.domain}`
    const fields = [
      (cookie.httpOnly ? HTTP_ONLY : '') + domain,
      flag(!cookie.hostOnly),
      cookie.path,
      flag(cookie.secure),
      // Rounded up: a cookie never expires earlier for having been written.
      String(cookie.expires === null ? 0 : Math.ceil(cookie.expires / 1000)),
      cookie.name,
      cookie.value,
    ]
    text += `${fields.join('\t')}\n`
  }
  return text
}

/** Readers split at tabs, and a nameless or unscoped cookie would shift their fields. */
export function canWriteNetscape(cookie: StoredCookie): boolean {
  const { domain, name, value, path } = cookie
  return domain !== '' && name !== '' && !`${name}${value}${path}`.includes('\t')
}

/** The cookies of the lines that are some; `now` becomes the time of creation. */
export function parseNetscape(text: string, now: number): StoredCookie[] {
  const cookies: StoredCookie[] = []
  for (const line of text.split(/\r?\n/)) {
    const httpOnly = line.startsWith(HTTP_ONLY)
    const content = httpOnly ? line.slice(HTTP_ONLY.length) : line
    if (content.startsWith('#') || content.trim() === '') continue
    const cookie = readFields(content.split('\t'), httpOnly, now)
    if (cookie !== null) cookies.push(cookie)
  }
  return cookies
}

function readFields(
  fields: readonly string[],
  httpOnly: boolean,
  now: number,
): StoredCookie | null {
  const [host = '', below = '', path = '', secure = '', expires = '', name = '', value] = fields
  // A file of unscoped cookies would be one of cookies for every host.
  if (fields.length < 6 || fields.length > 7 || host === '') return null
  const seconds = expires === '' ? 0 : Number(expires)
  if (!Number.isFinite(seconds)) return null
  const end = seconds === 0 ? null : Math.trunc(seconds) * 1000
  return readCookie({
    name,
    // Fewer fields than seven: curl writes an empty value so.
    value: value ?? '',
    domain: canonicalDomain(host),
    path,
    expires: end,
    hostOnly: below.toUpperCase() !== 'TRUE',
    secure: secure.toUpperCase() === 'TRUE',
    httpOnly,
    created: now,
  })
}

function flag(value: boolean): string {
  return value ? 'TRUE' : 'FALSE'
}
