/** Content codings by the web's `DecompressionStream`: gzip, and deflate with or without zlib. */
import { ContentDecodingError } from '../../src/errors.ts'
import type { ByteReader, DecoderFactory } from '../../src/ports.ts'

/** Null for what this engine has no `DecompressionStream` for. */
export const streamDecoders: DecoderFactory = (coding) => {
  if (typeof DecompressionStream === 'undefined') return null
  if (coding === 'gzip' || coding === 'x-gzip') return (source) => new StreamDecoder(source, gzip)
  if (coding === 'deflate') return (source) => new StreamDecoder(source, deflate)
  return null
}

function gzip(): CompressionFormat {
  return 'gzip'
}

/** RFC 9110 §8.4.1.2 means zlib (RFC 1950), but many servers send raw deflate (RFC 1951): the low
 *  half of the first byte of zlib is 8. */
function deflate(first: Uint8Array): CompressionFormat {
  return ((first[0] ?? 0) & 0x0f) === 8 ? 'deflate' : 'deflate-raw'
}

class StreamDecoder implements ByteReader {
  readonly #source: ByteReader
  readonly #format: (first: Uint8Array) => CompressionFormat
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  /** What the source threw: it comes before what the decoder makes of the cut that it left. */
  #failure: { readonly error: unknown } | null = null

  constructor(source: ByteReader, format: (first: Uint8Array) => CompressionFormat) {
    this.#source = source
    this.#format = format
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#reader === null) {
      const first = await this.#source.read()
      // An empty body is no coded data at all, and none is missing.
      if (first === null) return null
      this.#reader = this.#open(first)
    }
    try {
      for (;;) {
        const { done, value } = await this.#reader.read()
        if (done) return null
        if (value.length > 0) return value
      }
    } catch (error) {
      if (this.#failure !== null) throw this.#failure.error
      this.cancel(error)
      throw new ContentDecodingError('The coded body is broken or was cut off.', { cause: error })
    }
  }

  cancel(reason?: unknown): void {
    this.#source.cancel(reason)
    // The coded bytes were cancelled already; what the decoder says about that has no reader.
    this.#reader?.cancel(reason).catch(() => undefined)
  }

  #open(first: Uint8Array): ReadableStreamDefaultReader<Uint8Array> {
    const { readable, writable } = new DecompressionStream(this.#format(first))
    // Runs beside the reads, held back by the stream's own queue; failures arrive at the reader.
    void this.#feed(first, writable.getWriter())
    return readable.getReader()
  }

  async #feed(first: Uint8Array, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
    try {
      for (let chunk: Uint8Array | null = first; chunk !== null; chunk = await this.#next()) {
        // Bytes of a body are never in shared memory, which is all that the type leaves open.
        await writer.write(chunk as Uint8Array<ArrayBuffer>)
      }
      await writer.close()
    } catch (error) {
      writer.abort(error).catch(() => undefined)
    }
  }

  async #next(): Promise<Uint8Array | null> {
    try {
      return await this.#source.read()
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }
}
