/** Layer 1: one part of a multipart body: its checked fields and its head (RFC 7578 §4). */
import { describe } from '../bytes.ts'
import { checkName, checkValue, headerEntries } from '../headers.ts'
import type { BodySource, HeaderPair, HeaderPairs } from '../ports.ts'
import type { HeadersInput } from '../types.ts'

export interface Part {
  readonly name: string
  /** Null for a plain field. */
  readonly filename: string | null
  /** Null for none; `guess` takes it from the file name when the body is opened. */
  readonly type: string | null | typeof GUESS
  /** Checked; without the three fields that are written here. */
  readonly headers: HeaderPairs
  readonly source: BodySource
}

export const GUESS: unique symbol = /* @__PURE__ */ Symbol('guess')

/** What the head of each part begins with, up to its name. */
export const HEAD_START = 'Content-Disposition: form-data; name="'

/** The rest of the head. */
export function encodeHead(part: Omit<Part, 'type' | 'source'>, type: string | null): string {
  let head = `${encodeName(part.name)}"`
  if (part.filename !== null) head += `; filename="${escape(part.filename)}"`
  if (type !== null) head += `\r\nContent-Type: ${type}`
  for (const [name, value] of part.headers) head += `\r\n${name}: ${value}`
  return `${head}\r\n\r\n`
}

/** The headers a caller adds to a part, its Content-Type apart. */
export function readPartHeaders(input: HeadersInput | null | undefined): {
  readonly type: string | null
  readonly headers: HeaderPairs
} {
  if (input === undefined || input === null) return NO_HEADERS
  let type: string | null = null
  const headers: HeaderPair[] = []
  for (const [name, value] of headerEntries(input)) {
    if (value === null || value === undefined) continue
    const lower = checkName(name).toLowerCase()
    if (RESERVED.has(lower)) {
      throw new TypeError(
        `A part may not have a header ${name} of its own: it is made from the part.`,
      )
    }
    const checked = checkValue(name, value)
    if (lower === 'content-type') type = checkMediaType(checked)
    else headers.push([name, checked])
  }
  return { type, headers }
}

const NO_HEADERS = { type: null, headers: [] } as const

/** RFC 9110 §8.3.1, as far as a part's head could be broken by it. */
export function checkMediaType(type: unknown): string {
  if (typeof type === 'string' && MEDIA_TYPE.test(type)) return checkValue('Content-Type', type)
  const given = typeof type === 'string' ? JSON.stringify(type.slice(0, 80)) : describe(type)
  throw new TypeError(`The type of a part must be a media type such as image/png, not ${given}.`)
}

const MEDIA_TYPE = /^[!#$%&'*+\-.^_`|~0-9a-z]+\/[!#$%&'*+\-.^_`|~0-9a-z]+(?: *;[\t\x20-\x7e]*)?$/i
const RESERVED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'content-disposition',
  'content-length',
  'transfer-encoding',
])

/** HTML §4.10.21.8: these three and nothing else, so that no name can end its quotes or its line. */
function escape(text: string): string {
  if (!ESCAPED.test(text)) return text
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}

export function encodeName(name: string): string {
  return ESCAPED.test(name) ? escape(crlf(name)) : name
}

/** Line breaks of a plain field and of any name (HTML §4.10.21.8). */
export function crlf(text: string): string {
  if (!LINE_END.test(text)) return text
  return text.replace(/\r\n|\r|\n/g, '\r\n')
}

// Not where they are used: a literal makes an object each time.
const ESCAPED = /[\r\n"]/
const LINE_END = /[\r\n]/
