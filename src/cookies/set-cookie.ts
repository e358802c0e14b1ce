/**
 * Parses one Set-Cookie line (RFC 6265bis §5.6) with set-cookie-parser, corrected where that would
 * lose something:
 * - it drops names that every object inherits (`constructor`): names are parsed with a mark;
 * - it reads dates with the engine's parser: Expires goes through the cookie-date algorithm;
 * - it knows no limit of length: values of attributes beyond 1024 octets are ignored (step 6).
 * It trims all white space of attributes where step 5 trims SP and HTAB; nothing depends on that.
 */
import { parseSetCookie } from 'set-cookie-parser'
import type { SameSite } from '../types.ts'
import { badCharacters } from './characters.ts'
import { parseCookieDate } from './cookie-date.ts'
import type { Refusal } from './stored-cookie.ts'

const MAX_PAIR = 4096
const MAX_ATTRIBUTE = 1024
/** No inherited name begins with it, and it is neither white space nor part of the syntax. */
const MARK = '!'

/** What the line says; null where it does not say. */
export interface ParsedCookie {
  readonly name: string
  readonly value: string
  /** Lower case, without leading dot, never empty. */
  readonly domain: string | null
  /** Null also where the attribute is no absolute path: then the default-path holds. */
  readonly path: string | null
  readonly expires: number | null
  /** Seconds. */
  readonly maxAge: number | null
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: SameSite | null
  readonly partitioned: boolean
}

export function parseCookieLine(line: string): ParsedCookie | Refusal {
  const bad = badCharacters(line)
  if (bad !== null) return { refused: bad }
  const { rest, expires } = takeOut(line.replace(/^[\t ]+/, ''))
  const parsed = parseSetCookie([MARK + rest], { decodeValues: false, silent: true })[0]
  // The mark alone is a value, so there is always a cookie.
  if (parsed === undefined) return { refused: 'it is empty' }
  const named = parsed.name !== ''
  const name = named ? trimBlanks(parsed.name.slice(MARK.length)) : ''
  const value = named ? parsed.value : trimBlanks(parsed.value.slice(MARK.length))
  const fault = pairFault(name, value)
  if (fault !== null) return { refused: fault }
  return {
    name,
    value,
    domain: domainOf(parsed.domain),
    path: parsed.path?.startsWith('/') === true ? parsed.path : null,
    expires,
    maxAge: parsed.maxAge ?? null,
    secure: parsed.secure === true,
    httpOnly: parsed.httpOnly === true,
    sameSite: sameSiteOf(parsed.sameSite),
    partitioned: parsed.partitioned === true,
  }
}

/** §5.7 steps 2 and 4, for every way in; octets and characters are one here. */
export function pairFault(name: string, value: string): string | null {
  if (name === '' && value === '') return 'it has neither name nor value'
  return name.length + value.length > MAX_PAIR ? 'name and value exceed 4096 octets' : null
}

/** The line without its Expires attributes and those that are too long. */
function takeOut(line: string): { rest: string; expires: number | null } {
  let expires: number | null = null
  const [pair = '', ...attributes] = line.split(';')
  let rest = pair
  for (const attribute of attributes) {
    const equals = attribute.indexOf('=')
    const text = equals === -1 ? '' : trimBlanks(attribute.slice(equals + 1))
    if (text.length > MAX_ATTRIBUTE) continue
    if (equals !== -1 && trimBlanks(attribute.slice(0, equals)).toLowerCase() === 'expires') {
      expires = parseCookieDate(text) ?? expires
    } else {
      rest += `;${attribute}`
    }
  }
  return { rest, expires }
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

function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
