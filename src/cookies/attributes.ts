/**
 * The attributes of a Set-Cookie line (RFC 6265bis §5.6), split and read by set-cookie-parser and
 * corrected where that would lose something: it reads dates with the engine's parser, so Expires
 * goes through the cookie-date algorithm; and it knows no limit of length (step 6). It trims all
 * white space where step 5 trims SP and HTAB, on which nothing depends.
 */
import { parseSetCookie } from 'set-cookie-parser'
import type { SameSite } from '../types.ts'
import { trimBlanks } from './blanks.ts'
import { badCharacters } from './characters.ts'
import { parseCookieDate } from './cookie-date.ts'
import { Remembered } from './remembered.ts'
import type { Refusal } from './stored-cookie.ts'

const MAX_ATTRIBUTE = 1024
const EXPIRES = /;[\t ]*expires[\t ]*=([^;]*)/gi

/** What the line says; null where it does not say. */
export interface Attributes {
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
export interface DatedAttributes {
  readonly attributes: Attributes
  readonly expires: number | null
}

/**
 * Reads attributes, and remembers them: a server sends the same ones with each answer, and the
 * parser takes most of the time of storing a cookie. Often all but the date is the same.
 */
export class AttributeReader {
  readonly #known = new Remembered<Attributes>()
  readonly #dated = new Remembered<DatedAttributes | Refusal>()

  /** @param text from the first semicolon on, or empty. */
  read(text: string): DatedAttributes | Refusal {
    return this.#dated.get(text) ?? this.#dated.keep(text, this.#read(text))
  }

  #read(text: string): DatedAttributes | Refusal {
    const bad = badCharacters(text)
    if (bad !== null) return { refused: bad }
    let expires: number | null = null
    const short = text.length > MAX_ATTRIBUTE ? withoutLong(text) : text
    const rest = short.replace(EXPIRES, (_match, date: string) => {
      // The last one that is a date counts.
      expires = parseCookieDate(date) ?? expires
      return ''
    })
    return { attributes: this.#parse(rest), expires }
  }

  #parse(text: string): Attributes {
    return this.#known.get(text) ?? this.#known.keep(text, parseAttributes(text))
  }
}

function parseAttributes(text: string): Attributes {
  // The pair is ours: the parser drops names that every object inherits, such as `constructor`.
  const parsed = parseSetCookie([`a=b${text}`], { decodeValues: false, silent: true })[0]
  return {
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
