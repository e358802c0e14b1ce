/** The header fields of an answer, as undici brings them: what nobody looks at becomes no text. */
import { isNamed } from '../../src/header-list.ts'
import type { HeaderFields, HeaderPair, HeaderPairs } from '../../src/ports.ts'
import { buffers } from '../node/buffer.ts'
import type { RawText } from './shims.ts'

const NONE: readonly string[] = []

export class RawFields implements HeaderFields {
  /** Names and values in turn. */
  readonly #raw: readonly RawText[]
  /** Of those that are no texts: the memory they are views on may be written over by now. */
  readonly #head: Head | null

  constructor(raw: readonly RawText[]) {
    this.#head = wholeHead(raw)
    this.#raw = this.#head === null ? raw.map((each) => text(each, null)) : raw
  }

  get(name: string): string | null {
    const lower = name.toLowerCase()
    let at = this.#find(lower, 0)
    if (at === -1) return null
    let joined = this.#value(at)
    while ((at = this.#find(lower, at + 2)) !== -1) joined += `, ${this.#value(at)}`
    return joined
  }

  getSetCookie(): readonly string[] {
    let at = this.#find('set-cookie', 0)
    if (at === -1) return NONE
    const values: string[] = []
    for (; at !== -1; at = this.#find('set-cookie', at + 2)) values.push(this.#value(at))
    return values
  }

  pairs(): HeaderPairs {
    const raw = this.#raw
    const pairs: HeaderPair[] = []
    for (let at = 0; at + 1 < raw.length; at += 2) {
      pairs.push([text(raw[at], this.#head), this.#value(at)])
    }
    return pairs
  }

  /** The place of the next name, from that place on; -1 where there is none. */
  #find(lower: string, from: number): number {
    const raw = this.#raw
    for (let at = from; at + 1 < raw.length; at += 2) {
      const name = raw[at]
      // A name of bytes is as long as its text.
      if (name?.length === lower.length && isNamed(text(name, this.#head), lower)) return at
    }
    return -1
  }

  #value(at: number): string {
    return withoutPadding(text(this.#raw[at + 1], this.#head))
  }
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
  // `TextDecoder` has no Latin-1: its own name for that is Windows-1252.
  const bytes = buffers().from(buffer, start, end - start)
  return { buffer, start, end, text: bytes.toString('latin1') }
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
  // What the parser has put together of two reads has memory of its own.
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
