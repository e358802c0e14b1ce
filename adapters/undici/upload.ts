/**
 * A request body during one attempt, as undici's dispatcher takes it: bytes at once where they are
 * few, else a generator that follows the socket.
 */
import { concatBytes } from '../../src/bytes.ts'
import { typeOf } from '../../src/body/made-type.ts'
import { pumpBody } from '../../src/body/pump.ts'
import { TextSource } from '../../src/body/source.ts'
import type { BodySource, OpenBody } from '../../src/ports.ts'
import { encodeShort } from '../node/buffer.ts'
import { PieceSize } from './piece-size.ts'

/** Above this, progress and silence would not be seen if the bytes were handed over at once. */
const AT_ONCE = 256 * 1024

/** Of no more bytes than that in UTF-8. */
const SHORT_TEXT = AT_ONCE / 3

/** Sockets ask to wait (for `drain`) from so many bytes on, or from fewer. */
const HELD_BYTES = 64 * 1024

export interface UploadListener {
  /** The socket took `sent` bytes in all; `done`: no more will come. */
  onSent(sent: number, done?: boolean): void
  /** Waits for the source, not for the peer. */
  onPull(): void
  /** The body will not be complete: called before whoever sends it learns of that. */
  onBroken(): void
}

export class Upload {
  /** Exact, or null: chunked. */
  readonly length: number | null
  readonly bytes: Uint8Array | null
  /** A Content-Type that only the open body knows. */
  readonly type: string | null
  /** What the source threw, boxed since it may throw anything. */
  failure: { readonly error: unknown } | null = null
  #open: OpenBody | null

  /** @param open of what is not at hand, or has to be closed. */
  constructor(open: OpenBody | null, bytes: Uint8Array | null = open && bytesOf(open)) {
    this.#open = open
    this.bytes = bytes
    this.length = open === null ? (bytes?.length ?? 0) : open.length
    this.type = open === null ? null : typeOf(open)
  }

  static open(source: BodySource): Upload | Promise<Upload> {
    if (source instanceof TextSource && source.text.length <= SHORT_TEXT) {
      return new Upload(null, encodeShort(source.text))
    }
    const opened = source.open()
    return opened instanceof Promise ? opened.then((open) => new Upload(open)) : new Upload(opened)
  }

  async *stream(listener: UploadListener): AsyncGenerator<Uint8Array, void> {
    const open = this.#open
    if (open === null) return
    const size = new PieceSize()
    let sent = 0
    try {
      listener.onPull()
      for await (const chunk of pumpBody(open, true)) {
        // The source may fill its buffer again, and a short write may wait in the socket until then.
        const bytes = chunk.length < HELD_BYTES ? new Uint8Array(chunk) : chunk
        for (let at = 0; at < bytes.length;) {
          const piece =
            at === 0 && bytes.length <= size.bytes ? bytes : bytes.subarray(at, at + size.bytes)
          listener.onSent(sent)
          const handed = performance.now()
          yield piece
          size.taken(piece.length, performance.now() - handed)
          sent += piece.length
          at += piece.length
        }
        listener.onSent(sent)
        listener.onPull()
      }
      listener.onSent(sent, true)
    } catch (error) {
      this.failure ??= { error }
      listener.onBroken()
      // Undici hangs on a thrown `undefined`; the failure above is what the caller gets.
      throw new Error('The source of the request body failed.')
    } finally {
      this.close()
    }
  }

  /** Releases the source; also ends a generator that waits for it. */
  close(reason?: unknown): void {
    const open = this.#open
    this.#open = null
    if (open === null) return
    void closeQuietly(open, reason)
  }
}

async function closeQuietly(open: OpenBody, reason: unknown): Promise<void> {
  try {
    await open.close(reason)
  } catch {
    // The request has its outcome already; a source that cannot be closed does not change it.
  }
}

function bytesOf(open: OpenBody): Uint8Array | null {
  if (open.length === null || open.length > AT_ONCE) return null
  const parts: Uint8Array[] = []
  let sum = 0
  for (const piece of open.pieces) {
    if (piece.kind !== 'bytes') return null
    parts.push(piece.bytes)
    sum += piece.bytes.length
  }
  // A wrong length is told by the pump.
  return sum === open.length ? concatBytes(parts, sum) : null
}
