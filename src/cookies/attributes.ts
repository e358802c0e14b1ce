/**
 * The attributes of a Set-Cookie line (RFC 6265bis §5.6), split and read by set-cookie-parser and
 * corrected where that would lose something: it reads dates with the engine's parser, so Expires
 * goes through the cookie-date algorithm; it knows no limit of length (step 6); and it trims all white
 * space where step 5 trims SP and HTAB alone, so that it is given another octet that matches nothing.
 */
import { parseSetCookie } from 'set-cookie-parser'
import type { SameSite } from '../types.ts'
import { trimBlanks } from './blanks.ts'
import { badCharacters } from './characters.ts'
import { parseCookieDate } from './cookie-date.ts'
import { copyText, Remembered } from './remembered.ts'
import type { Refusal } from './stored-cookie.ts'
import type { BucketScope } from './table.ts'

const MAX_ATTRIBUTE = 1024
/** What is remembered of one host, and the longest text that is. */
const PER_HOST = 8
const LONGEST = 256
const EXPIRES = /;[\t ]*expires[\t ]*=([^;]*)/gi

/** What the line says; null where it does not say. */
export interface Attributes {
  /** What was read, without dates. */
  readonly text: string
  /** Lower case, without leading dot, never empty. */
  readonly domain: string | null
  /** Null also where the attribute is no absolute path: then the default-path holds. */
  readonly path: string | null
  /** Seconds. */
  readonly maxAge: number | null
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: SameSite | null
  readonly partitioned: boolean
}
/** What a text of attributes says when it comes from a certain host. */
export interface Reading {
  text: string
  expires: number | null
  /** What stands around its date, where it has exactly one. */
  readonly frame: Frame | null
  readonly attributes: Attributes
  /** Whose cookies these are; null until somebody has worked it out. */
  scope: BucketScope | Refusal | null
  /** Another one of that host, from before. */
  next: Reading | null
}
interface Frame {
  readonly before: string
  readonly after: string
}

/**
 * Reads attributes, and remembers them: a host sends the same ones with each answer, apart from the
 * date, and the parser takes most of the time of storing a cookie. By host, as a few comparisons
 * cost less than the hash of a long text; hosts that say the same share what it means.
 */
export class AttributeReader {
  readonly #hosts = new Remembered<Reading>()
  readonly #known = new Remembered<Attributes>()

  /** @param text from the first semicolon on, or empty. */
  read(host: string, text: string): Reading | Refusal {
    const first = this.#hosts.get(host) ?? null
    for (let each = first; each !== null; each = each.next) if (each.text === text) return each
    for (let each = first; each !== null; each = each.next) {
      const date = dateWithin(each.frame, text)
      if (date !== null) return redate(each, text, date)
    }
    const bad = badCharacters(text)
    if (bad !== null) return { refused: bad }
    if (text.length > LONGEST) return readLong(text)
    return this.#hosts.keep(copyText(host), this.#readAnew(text, first))
  }

  #readAnew(text: string, next: Reading | null): Reading {
    const { undated, expires, frame } = takeDates(copyText(text))
    const attributes =
      this.#known.get(undated) ?? this.#known.keep(undated, parseAttributes(undated))
    const kept = text === undated ? attributes.text : copyText(text)
    const reading = { text: kept, expires, frame, attributes, scope: null, next }
    forgetAfter(reading, PER_HOST)
    return reading
  }
}

/** One that is not worth to be remembered. */
function readLong(text: string): Reading {
  const { undated, expires } = takeDates(text.length > MAX_ATTRIBUTE ? withoutLong(text) : text)
  const attributes = parseAttributes(undated)
  return { text, expires, frame: null, attributes, scope: null, next: null }
}

/** The last one that is a date counts. */
function takeDates(text: string): Pick<Reading, 'expires' | 'frame'> & { undated: string } {
  let expires: number | null = null
  let frame: Frame | null = null
  let count = 0
  const undated = text.replace(EXPIRES, (match, date: string, at: number) => {
    const end = at + match.length
    expires = parseCookieDate(date) ?? expires
    frame = { before: copyText(text.slice(0, end - date.length)), after: copyText(text.slice(end)) }
    count += 1
    return ''
  })
  return { undated, expires, frame: count === 1 ? frame : null }
}

/** The date, when nothing else has changed. */
function dateWithin(frame: Frame | null, text: string): string | null {
  if (frame === null || text.length > LONGEST) return null
  const { before, after } = frame
  const end = text.length - after.length
  if (text.slice(0, before.length) !== before || !text.endsWith(after)) return null
  const date = text.slice(before.length, end)
  return end < before.length || date.includes(';') || badCharacters(date) !== null ? null : date
}

/** The date before does not come again. */
function redate(reading: Reading, text: string, date: string): Reading {
  reading.text = copyText(text)
  reading.expires = parseCookieDate(date)
  return reading
}

function forgetAfter(reading: Reading, count: number): void {
  let last = reading
  for (let left = count - 1; left > 0 && last.next !== null; left -= 1) last = last.next
  last.next = null
}

function parseAttributes(text: string): Attributes {
  // The pair is ours: the parser drops names that every object inherits, such as `constructor`.
  const line = `a=b${text.replaceAll('\xa0', '\xff')}`
  const parsed = parseSetCookie([line], { decodeValues: false, silent: true })[0]
  return {
    text,
    domain: domainOf(parsed?.domain),
    path: parsed?.path?.startsWith('/') === true ? parsed.path : null,
    maxAge: parsed?.maxAge ?? null,
    secure: parsed?.secure === true,
    httpOnly: parsed?.httpOnly === true,
    sameSite: sameSiteOf(parsed?.sameSite),
    partitioned: parsed?.partitioned === true,
  }
}

/** Step 6: an attribute whose value is too long is ignored, so that an earlier one counts. */
function withoutLong(text: string): string {
  const attributes = text.split(';').filter((attribute) => {
    const equals = attribute.indexOf('=')
    return equals === -1 || trimBlanks(attribute.slice(equals + 1)).length <= MAX_ATTRIBUTE
  })
  return attributes.join(';')
}

/** §5.6.3: one leading dot is ignored, and so is an empty value. */
function domainOf(attribute: string | undefined): string | null {
  if (attribute === undefined) return null
  const domain = (attribute.startsWith('.') ? attribute.slice(1) : attribute).toLowerCase()
  return domain === '' ? null : domain
}

/** §5.6.7: an unknown value is as good as none. */
function sameSiteOf(attribute: string | undefined): SameSite | null {
  const lower = attribute?.toLowerCase()
  return lower === 'strict' || lower === 'lax' || lower === 'none' ? lower : null
}
