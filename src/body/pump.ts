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
 * @param onChunk told the size of each chunk when the consumer asks for the next one.
 */
export async function* pumpBody(
  body: OpenBody,
  onChunk?: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const joiner = new Joiner()
  let { free, open } = promises(body)
  for (const piece of body.pieces) {
    // What is at hand must not wait for a stream, which may be slow on purpose.
    if (piece.kind === 'stream') yield* counted(joiner.flush(), onChunk)
    const own = pieceLength(piece)
    if (own === null) open -= 1
    for await (const chunk of readPiece(piece, own ?? (open === 0 ? free : null))) {
      if (own === null && free !== null) free -= chunk.length
      if (free !== null && free < 0) throw mismatch('more', body.length)
      yield* counted(joiner.add(chunk, piece.kind === 'stream'), onChunk)
    }
  }
  yield* counted(joiner.flush(), onChunk)
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

function* counted(
  chunks: readonly Uint8Array[],
  onChunk: ((bytes: number) => void) | undefined,
): Generator<Uint8Array, void> {
  for (const chunk of chunks) {
    yield chunk
    onChunk?.(chunk.length)
  }
}

/** Holds small chunks back until they make a good write. */
class Joiner {
  #held: Uint8Array[] = []
  #bytes = 0

  /** What can be written now. A `live` chunk is passed on; nothing is held when it comes. */
  add(chunk: Uint8Array, live: boolean): Uint8Array[] {
    if (live) return [chunk]
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
): AsyncGenerator<Uint8Array, void> {
  if (piece.kind === 'bytes') {
    if (piece.bytes.length > 0) yield piece.bytes
    return
  }
  let rest = length ?? Infinity
  let last: Uint8Array | null = null
  for await (const chunk of { [Symbol.asyncIterator]: () => pieceChunks(piece) }) {
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

function pieceChunks(piece: Exclude<BodyPiece, { kind: 'bytes' }>): AsyncIterator<Uint8Array> {
  if (piece.kind === 'blob') return blobChunks(piece.blob)
  return piece.kind === 'file' ? piece.file.read(piece.start, piece.end) : piece.chunks
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
