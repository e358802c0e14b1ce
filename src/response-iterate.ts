/**
 * A body in pieces of another kind than it comes in (layer 2): equal chunks, text, lines. Pure
 * functions over a reader; whoever leaves the loop early gives the body up. Loaded when first used.
 */
import { textChunks } from './decode/text-chunks.ts'
import { BodyTooLargeError } from './errors.ts'
import type { ByteReader } from './ports.ts'
import { arrivingChunks } from './response-chunks.ts'
import { checkSize } from './response-size.ts'

/** Chunks of exactly `size` bytes, the last one shorter; without `size`, as they arrive. */
export function iterateChunks(
  reader: ByteReader,
  size?: number | null,
): AsyncGenerator<Uint8Array, void> {
  if (size === undefined || size === null) return arrivingChunks(reader)
  return equalChunks(reader, checkSize(size, 1))
}

/** Text as it arrives, or from chunks of `size` bytes; never empty, no character split. Without an `encoding` the charset is
 *  found as `text()` finds it: a byte order mark, the Content-Type, the document. */
export async function* iterateText(
  reader: ByteReader,
  encoding: string | null,
  contentType: string | null = null,
  size: number | null = null,
): AsyncGenerator<string, void> {
  const decoder = textChunks(contentType, encoding)
  for await (const chunk of iterateChunks(reader, size)) {
    const text = decoder.push(chunk)
    if (text !== '') yield text
  }
  const rest = decoder.end()
  if (rest !== '') yield rest
}

export interface LineOptions {
  readonly contentType?: string | null
  /** `any`: LF, CR LF and CR end a line; `lf`: LF alone. */
  readonly ends?: 'any' | 'lf'
  /** Characters one line may have. */
  readonly maxLength?: number
}

/**
 * Lines without their ends. A line is given as soon as its end is seen; like Python's `splitlines`,
 * text after the last end is a line and nothing after it is none.
 */
export async function* iterateLines(
  reader: ByteReader,
  encoding: string | null,
  { contentType = null, ends = 'any', maxLength = Infinity }: LineOptions = {},
): AsyncGenerator<string, void> {
  const end = ends === 'any' ? /\r\n|\r|\n/g : /\n/g
  let line = ''
  let afterReturn = false
  for await (const text of iterateText(reader, encoding, contentType)) {
    let from = afterReturn && text.startsWith('\n') ? 1 : 0
    end.lastIndex = from
    for (let found = end.exec(text); found !== null; found = end.exec(text)) {
      yield checkLine(line + text.slice(from, found.index), maxLength)
      line = ''
      from = end.lastIndex
    }
    line = checkLine(line + text.slice(from), maxLength)
    afterReturn = ends === 'any' && text.endsWith('\r')
  }
  if (line !== '') yield line
}

function checkLine(line: string, maxLength: number): string {
  if (line.length <= maxLength) return line
  throw new BodyTooLargeError(
    `A line has more than ${String(maxLength)} characters, the limit set by maxLength.`,
    { code: 'RECORD_TOO_LARGE' },
  )
}

async function* equalChunks(reader: ByteReader, size: number): AsyncGenerator<Uint8Array, void> {
  const held = new HeldBytes()
  for await (const chunk of arrivingChunks(reader)) {
    held.push(chunk)
    while (held.length >= size) yield held.take(size)
  }
  if (held.length > 0) yield held.take(held.length)
}

/** Bytes on their way from chunks as they come to chunks as they are wanted: each copied at most
 *  once, and memory for what has come only, however large the wanted size. */
export class HeldBytes {
  #chunks: Uint8Array[] = []
  #offset = 0
  length = 0

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.length += chunk.length
  }

  take(size: number): Uint8Array {
    const first = this.#chunks[0]
    this.length -= size
    if (this.#offset === 0 && first?.length === size) {
      this.#chunks.shift()
      return first
    }
    const taken = new Uint8Array(size)
    let filled = 0
    let used = 0
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(this.#offset, this.#offset + size - filled)
      taken.set(part, filled)
      filled += part.length
      this.#offset += part.length
      if (this.#offset < chunk.length) break
      this.#offset = 0
      used += 1
    }
    if (used > 0) this.#chunks = this.#chunks.slice(used)
    return taken
  }
}
