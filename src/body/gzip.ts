/** Layer 1: gzip by the engine's own CompressionStream, as fast as the peer takes it. */
import { concatBytes } from '../bytes.ts'
import type { OpenBody } from '../ports.ts'
import { unsupported } from '../unsupported.ts'
import { webType } from '../web.ts'
import { typeOf } from './made-type.ts'
import { pumpBody } from './pump.ts'

/** Up to this size, bytes at hand are compressed at once: the length is known then. */
const AT_ONCE = 1024 * 1024

/** Takes the body over and closes it in the end. */
export async function openGzip(body: OpenBody): Promise<OpenBody> {
  const gzip = new Gzip(body)
  if ((body.length ?? Infinity) > AT_ONCE || body.pieces.some(({ kind }) => kind !== 'bytes')) {
    const pieces = [{ kind: 'stream', length: null, chunks: gzip }] as const
    return { length: null, pieces, type: typeOf(body), close: (reason) => gzip.close(reason) }
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of { [Symbol.asyncIterator]: () => gzip }) chunks.push(chunk)
  const bytes = concatBytes(chunks)
  return {
    length: bytes.length,
    pieces: [{ kind: 'bytes', bytes }],
    type: typeOf(body),
    close: (reason) => body.close(reason),
  }
}

class Gzip implements AsyncIterator<Uint8Array, undefined> {
  readonly #body: OpenBody
  readonly #writer: WritableStreamDefaultWriter<BufferSource>
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #feeding: Promise<void> | null = null
  /** Why the source stopped short; boxed, since it may throw anything. */
  #failure: { readonly error: unknown } | null = null

  constructor(body: OpenBody) {
    const Stream = webType('CompressionStream')
    if (Stream === undefined) {
      throw unsupported(
        "compress: 'gzip'",
        'an engine without CompressionStream',
        'Compress the body first and set Content-Encoding.',
      )
    }
    const { readable, writable } = new Stream('gzip')
    this.#body = body
    this.#writer = writable.getWriter()
    this.#reader = readable.getReader()
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#feeding ??= this.#feed()
    try {
      const { done, value } = await this.#reader.read()
      if (!done) return { done: false, value }
      await this.#feeding
    } catch (error) {
      throw this.#cause(error)
    }
    // Engines differ in whether an aborted stream ends or fails: a body cut short never ends.
    if (this.#failure !== null) throw this.#failure.error
    return { done: true, value: undefined }
  }

  async close(reason: unknown): Promise<void> {
    this.#stop(reason ?? new Error('The rest of the body is not wanted.'))
    await this.#body.close(reason)
  }

  async #feed(): Promise<void> {
    try {
      for await (const chunk of pumpBody(this.#body)) {
        // Resolves when the compressor has room again, which is when somebody reads.
        await this.#writer.ready
        // No source gives shared memory, which a BufferSource may not be.
        await this.#writer.write(chunk as Uint8Array<ArrayBuffer>)
      }
      await this.#writer.close()
    } catch (error) {
      this.#stop(error)
    }
  }

  #stop(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    // The failure above is what the reader is told; what the streams make of it is not needed.
    this.#writer.abort(error).catch(() => undefined)
    this.#reader.cancel(error).catch(() => undefined)
  }

  #cause(error: unknown): unknown {
    return this.#failure === null ? error : this.#failure.error
  }
}
