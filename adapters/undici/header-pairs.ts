/** The header fields of an answer, as undici brings them. */
import type { HeaderPair } from '../../src/ports.ts'
import type { RawBytes, RawText } from './shims.ts'

export function headerPairs(raw: readonly RawText[]): HeaderPair[] {
  const pairs: HeaderPair[] = []
  const head = wholeHead(raw)
  for (let at = 0; at + 1 < raw.length; at += 2) {
    pairs.push([text(raw[at], head), withoutPadding(text(raw[at + 1], head))])
  }
  return pairs
}

/** Where the bytes that all fields lie in begin, and their text. */
interface Head {
  readonly buffer: ArrayBufferLike
  readonly start: number
  readonly end: number
  readonly text: string
}

/** From so many names and values on it is faster to decode them all at once than one by one. */
const MANY = 16

/**
 * Each of them is a view on what was read from the socket, in the order in which they came. Null
 * where they are few, or not views on the same bytes: a head that came in several pieces.
 */
function wholeHead(raw: readonly RawText[]): Head | null {
  const first = raw[0]
  const last = raw.at(-1)
  if (raw.length < MANY || typeof first !== 'object' || typeof last !== 'object') return null
  const { buffer, byteOffset: start } = first
  const end = last.byteOffset + last.byteLength
  if (last.buffer !== buffer || end < start) return null
  // The class of the views is undici's own, a Buffer, whose decoder of Latin-1 this is for.
  const Bytes = first.constructor as new (
    buffer: ArrayBufferLike,
    start: number,
    length: number,
  ) => RawBytes
  return { buffer, start, end, text: new Bytes(buffer, start, end - start).toString('latin1') }
}

/** RFC 9110 §5.5: fields are octets, and Latin-1 keeps every one of them. */
function text(raw: RawText | undefined, head: Head | null): string {
  if (raw === undefined) return ''
  if (typeof raw === 'string') return raw
  const { byteOffset, byteLength } = raw
  const isInside =
    head !== null &&
    raw.buffer === head.buffer &&
    byteOffset >= head.start &&
    byteOffset + byteLength <= head.end
  if (!isInside) return raw.toString('latin1')
  const from = byteOffset - head.start
  return head.text.slice(from, from + byteLength)
}

/** The parser leaves the white space that follows a value. No regular expression: on a long run of
 *  spaces it would take quadratic time. */
function withoutPadding(value: string): string {
  let end = value.length
  while (end > 0 && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0x09)) {
    end -= 1
  }
  return end === value.length ? value : value.slice(0, end)
}
