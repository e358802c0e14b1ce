/** The body of one attempt on its way out: pulled, counted, and cancelled when nobody wants it. */
import { concatBytes } from '../../src/bytes.ts'
import { pumpBody } from '../../src/body/pump.ts'
import { BodyTooLargeError } from '../../src/errors.ts'
import type { BodyPiece, OpenBody } from '../../src/ports.ts'
import { webType } from '../../src/web.ts'

/** Bytes pieces up to this sum are joined: one buffer costs less than a stream. */
const JOIN_LIMIT = 1024 * 1024

export interface UploadWatch {
  /** The source is asked for more, and may take as long as it likes. */
  asked(): void
  /** Bytes taken from the source so far; `done`: no more will come. */
  sent(transferred: number, done?: boolean): void
  /** The source failed: the request has to go, before the runtime can end it cleanly. */
  failed(error: unknown): void
}

export class Upload {
  readonly length: number | null
  readonly pieces: readonly BodyPiece[]
  readonly #open: OpenBody
  readonly #watch: UploadWatch
  #chunks: AsyncGenerator<Uint8Array, void> | null = null
  #transferred = 0
  #done = false
  #stopped: { readonly reason: unknown } | null = null
  /** Where the failure of the stream is to end the request. */
  #sink: ReadableStreamDefaultController<Uint8Array> | null = null
  #hasFailed = false

  constructor(open: OpenBody, watch: UploadWatch) {
    this.length = open.length
    this.pieces = open.pieces
    this.#open = open
    this.#watch = watch
  }

  /** Whether the source has been read to its end, or given up. */
  get done(): boolean {
    return this.#done
  }

  /** All bytes at once, where they are in memory already and few enough; else null. */
  bytes(limit: number = JOIN_LIMIT): Uint8Array<ArrayBuffer> | null {
    const parts: Uint8Array[] = []
    for (const piece of this.pieces) {
      if (piece.kind !== 'bytes') return null
      parts.push(piece.bytes)
    }
    if (parts.length > 1 && (this.length ?? Infinity) > limit) return null
    const all = concatBytes(parts)
    // No caller hands in shared memory: `fetch` would refuse it with a TypeError of its own.
    return all as Uint8Array<ArrayBuffer>
  }

  /** All bytes of a stream, where the runtime cannot send one and the caller has set a limit. */
  async collect(limit: number): Promise<Uint8Array<ArrayBuffer>[]> {
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let size = 0
    this.#watch.asked()
    for await (const chunk of pumpBody(this.#open)) {
      size += chunk.length
      if (size > limit) {
        throw new BodyTooLargeError(
          `The stream to be sent has more than the ${String(limit)} bytes that may be collected (bufferUpload).`,
        )
      }
      // A source may refill its buffer.
      chunks.push(chunk.slice())
    }
    return chunks
  }

  /** A default stream without a queue: a byte stream costs three times as much, and a queue would
   *  read ahead of the connection.
   *  @param failing when the source is given up, the stream fails, which ends the request. */
  stream(failing = false): ReadableStream<Uint8Array> {
    const Stream = webType('ReadableStream')
    if (Stream === undefined) throw new TypeError('This engine has no ReadableStream.')
    return new Stream<Uint8Array>(
      {
        start: (controller) => {
          if (failing) this.#sink = controller
        },
        pull: async (controller) => {
          const chunk = await this.next()
          if (chunk === null) controller.close()
          else controller.enqueue(chunk)
        },
        cancel: (reason) => {
          this.stop(reason)
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** The next bytes, or null at the end. A failure is reported before it is thrown. */
  async next(): Promise<Uint8Array | null> {
    if (this.#done) return this.#end()
    this.#chunks ??= pumpBody(this.#open, true)
    this.#watch.asked()
    try {
      const step = await this.#chunks.next()
      if (this.#done) return this.#end()
      if (step.done !== true) return this.#counted(step.value)
      this.#watch.sent(this.#transferred, true)
      await this.#close(undefined)
      return null
    } catch (error) {
      if (!this.#done) {
        this.#watch.failed(error)
        this.stop(error)
      }
      throw error
    }
  }

  /** Gives the rest of the source up; does nothing after its end. True where that has ended the
   *  request, which then needs no abort. */
  stop(reason: unknown): boolean {
    if (this.#done) return this.#hasFailed
    this.#stopped = { reason }
    this.#sink?.error(reason)
    this.#hasFailed = this.#sink !== null
    // The generator's own `finally` runs; what it throws there has nobody left to tell.
    this.#chunks?.return().catch(ignore)
    this.#close(reason).catch(ignore)
    return this.#hasFailed
  }

  /** The body went out whole, by the runtime's own means. */
  finish(): void {
    if (this.#done) return
    if (this.length !== null) this.#watch.sent(this.length)
    this.#close(undefined).catch(ignore)
  }

  #counted(chunk: Uint8Array): Uint8Array {
    this.#transferred += chunk.length
    this.#watch.sent(this.#transferred)
    return chunk
  }

  /** A body given up must never look complete: runtimes end a chunked one cleanly on `close`. */
  #end(): null {
    if (this.#stopped !== null) throw this.#stopped.reason
    return null
  }

  async #close(reason: unknown): Promise<void> {
    this.#done = true
    await this.#open.close(reason)
  }
}

function ignore(): void {
  // Deliberately nothing: see the places of use.
}
