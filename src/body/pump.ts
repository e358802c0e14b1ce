/** Layer 1: reads an opened body piece by piece and proves that it is as long as it promised. */
import { concatBytes } from '../bytes.ts'
import { RequestError } from '../errors.ts'
import type { BodyPiece, OpenBody } from '../ports.ts'

/** Chunks below this are joined while they are at hand: a write costs more than a copy. */
const JOIN_BYTES = 64 * 1024
/** One read of a Blob. `slice().arrayBuffer()` is right everywhere, while `slice().stream()` runs
 *  past its end on Bun up to 1.3. */
const SLICE_BYTES = 512 * 1024

/**
 * The bytes of a body in order, never an empty chunk; large chunks are passed on uncopied. Throws
 * `CONTENT_LENGTH_MISMATCH` before a surplus byte is given and before the last byte of a piece that
 * turns out to be longer, so that a wrong request is never complete. Does not close the body.
 * @param lend a chunk is only used until two more have been asked for: see `OpenFile.read`.
 */
export async function* pumpBody(body: OpenBody, lend = false): AsyncGenerator<Uint8Array, void> {
  const joiner = new Joiner()
  let { free, open } = promises(body)
  for (const piece of body.pieces) {
    const live = piece.kind === 'stream'
    // What is at hand must not wait for a stream, which may be slow on purpose.
    if (live) for (const chunk of joiner.flush()) yield chunk
    const own = pieceLength(piece)
    if (own === null) open -= 1
    for await (const chunk of readPiece(piece, own ?? (open === 0 ? free : null), lend)) {
      if (own === null && free !== null) free -= chunk.length
      if (free !== null && free < 0) throw mismatch('more', body.length)
      for (const ready of live ? [chunk] : joiner.add(chunk)) yield ready
    }
  }
  for (const chunk of joiner.flush()) yield chunk
}

/** What the length of the whole, such as a caller's Content-Length, leaves for the pieces that do
 *  not know their own; `open` is how many these are. */
function promises(body: OpenBody): { free: number | null; open: number } {
  let known = 0
  let open = 0
  for (const piece of body.pieces) {
    const length = pieceLength(piece)
    if (length === null) open += 1
    else known += length
  }
  if (body.length === null) return { free: null, open }
  const free = body.length - known
  if (free < 0) throw mismatch('more', body.length)
  if (free > 0 && open === 0) throw mismatch('fewer', body.length)
  return { free, open }
}

/** Holds small chunks back until they make a good write. */
class Joiner {
  #held: Uint8Array[] = []
  #bytes = 0

  /** What can be written now. */
  add(chunk: Uint8Array): Uint8Array[] {
    const ready = this.#bytes + chunk.length > JOIN_BYTES ? this.flush() : []
    if (chunk.length >= JOIN_BYTES) ready.push(chunk)
    else {
      this.#held.push(chunk)
      this.#bytes += chunk.length
    }
    return ready
  }

  flush(): Uint8Array[] {
    if (this.#bytes === 0) return []
    const joined = concatBytes(this.#held, this.#bytes)
    this.#held = []
    this.#bytes = 0
    return [joined]
  }
}

/** The chunks of one piece, none empty, exactly as many bytes as it promised. */
async function* readPiece(
  piece: BodyPiece,
  length: number | null,
  lend: boolean,
): AsyncGenerator<Uint8Array, void> {
  if (piece.kind === 'bytes') {
    if (piece.bytes.length > 0) yield piece.bytes
    return
  }
  let rest = length ?? Infinity
  let last: Uint8Array | null = null
  for await (const chunk of { [Symbol.asyncIterator]: () => pieceChunks(piece, lend) }) {
    if (chunk.length === 0) continue
    rest -= chunk.length
    if (rest < 0) throw mismatch('more', length)
    // The chunk that completes the piece waits until the source has said that it was the last one.
    if (rest === 0) last = chunk
    else yield chunk
  }
  if (length !== null && rest > 0) throw mismatch('fewer', length)
  if (piece.kind === 'file' && (await piece.file.changed?.()) === true) throw changed()
  if (last !== null) yield last
}

/** What a piece itself promises, or null. */
function pieceLength(piece: BodyPiece): number | null {
  switch (piece.kind) {
    case 'bytes':
      return piece.bytes.length
    case 'blob':
      return piece.blob.size
    case 'file':
      return piece.end - piece.start
    case 'stream':
      return piece.length
  }
}

function pieceChunks(
  piece: Exclude<BodyPiece, { kind: 'bytes' }>,
  lend: boolean,
): AsyncIterator<Uint8Array> {
  if (piece.kind === 'blob') return blobChunks(piece.blob)
  return piece.kind === 'file' ? piece.file.read(piece.start, piece.end, lend) : piece.chunks
}

/** Reads one slice ahead. */
async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array, void> {
  const size = blob.size
  let next = readSlice(blob, 0, size)
  for (let at = 0; at < size; at += SLICE_BYTES) {
    const buffer = await next
    if (at + SLICE_BYTES < size) next = readSlice(blob, at + SLICE_BYTES, size)
    yield new Uint8Array(buffer)
  }
}

function readSlice(blob: Blob, start: number, size: number): Promise<ArrayBuffer> {
  const whole = start === 0 && size <= SLICE_BYTES
  const read = (whole ? blob : blob.slice(start, start + SLICE_BYTES)).arrayBuffer()
  // A slice read ahead may fail after the consumer has left; whoever awaits it still sees it.
  read.catch(() => undefined)
  return read
}

function mismatch(what: 'more' | 'fewer', length: number | null): RequestError {
  return new RequestError(
    `The body gave ${what} bytes than the ${String(length)} it was announced with.`,
    { code: 'CONTENT_LENGTH_MISMATCH' },
  )
}

function changed(): RequestError {
  return new RequestError('The file changed its size while it was being sent.', {
    code: 'CONTENT_LENGTH_MISMATCH',
  })
}
