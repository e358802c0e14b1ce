/**
 * Content codings by node:zlib, for every runtime that has it. Strict: a body that is cut off or
 * damaged is an error, where Node's own fetch hands out what it has got.
 */
import { ContentDecodingError } from '../../src/errors.ts'
import type { ByteReader, DecoderFactory } from '../../src/ports.ts'
import { findBuiltin } from './builtins.ts'
import type { NodeZlib, ZlibStream } from './builtins.ts'
import { ZstdFrames } from './zstd-frames.ts'

type OpenStream = (zlib: NodeZlib, start: Uint8Array) => ZlibStream

const OPTIONS = { chunkSize: 64 * 1024 }

const STREAMS: Readonly<Record<string, OpenStream>> = {
  gzip: (zlib) => zlib.createGunzip(OPTIONS),
  'x-gzip': (zlib) => zlib.createGunzip(OPTIONS),
  deflate: (zlib, start) =>
    isZlib(start) ? zlib.createInflate(OPTIONS) : zlib.createInflateRaw(OPTIONS),
  br: (zlib) => zlib.createBrotliDecompress(OPTIONS),
  zstd: (zlib) => {
    if (zlib.createZstdDecompress === undefined) throw new TypeError('No zstd in this node:zlib.')
    return zlib.createZstdDecompress(OPTIONS)
  },
}

export const zlibDecoders: DecoderFactory = (coding) => {
  const zlib = findBuiltin('zlib')
  const open = Object.hasOwn(STREAMS, coding) ? STREAMS[coding] : undefined
  if (zlib === undefined || open === undefined) return null
  if (coding === 'zstd' && zlib.createZstdDecompress === undefined) return null
  return (source) => new ZlibReader(source, coding, (start) => open(zlib, start))
}

/** RFC 1950 §2.2. Servers send raw deflate (RFC 1951) under the same name, against RFC 9110. */
export function isZlib(start: Uint8Array): boolean {
  const [first = 0, second] = start
  if ((first & 0x0f) !== 8 || first >> 4 > 7) return false
  return second === undefined || ((first << 8) | second) % 31 === 0
}

class ZlibReader implements ByteReader {
  readonly #source: ByteReader
  readonly #coding: string
  readonly #open: (start: Uint8Array) => ZlibStream
  readonly #frames: ZstdFrames | null
  /** What follows a frame, in the piece that it ended in. */
  #rest: Uint8Array | null = null
  #stream: ZlibStream | null = null
  #wake: (() => void) | null = null
  #isWriting = false
  #isProbing = false
  #inputEnded = false
  #ended = false
  /** Boxed, since what a source throws or a caller cancels with may be anything. */
  #failure: { readonly error: unknown } | null = null

  constructor(source: ByteReader, coding: string, open: (start: Uint8Array) => ZlibStream) {
    this.#source = source
    this.#coding = coding
    this.#open = open
    this.#frames = coding === 'zstd' ? new ZstdFrames() : null
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.error
      const bytes = this.#stream?.read() ?? null
      if (bytes !== null && bytes.length > 0) {
        if (this.#isProbing) continue
        return ownBytes(bytes)
      }
      if (this.#ended && !this.#isProbing) return null
      if (this.#isWriting || this.#inputEnded) await this.#change()
      else await this.#feed()
    }
  }

  cancel(reason?: unknown): void {
    this.#fail(reason)
    this.#source.cancel(reason)
  }

  async #feed(): Promise<void> {
    const bytes = this.#upToFrame(this.#rest ?? (await this.#source.read()))
    if (this.#failure !== null) return
    if (bytes !== null) {
      this.#isWriting = true
      this.#stream ??= this.#openStream(bytes)
      this.#stream.write(bytes, () => {
        this.#isWriting = false
        this.#notify()
      })
      return
    }
    this.#inputEnded = true
    if (this.#stream === null) this.#ended = true
    else if (this.#coding === 'br') this.#probe(this.#stream)
    else if (this.#frames?.isComplete === false) this.#break()
    else this.#stream.end()
  }

  #upToFrame(bytes: Uint8Array | null): Uint8Array | null {
    this.#rest = null
    if (bytes === null || this.#frames === null) return bytes
    const end = this.#frames.push(bytes)
    if (end === bytes.length) return bytes
    this.#rest = bytes.subarray(end)
    return bytes.subarray(0, end)
  }

  /** Deno ends a cut Brotli stream in silence. One byte more tells: only a decoder that is not
   *  finished takes it, and what comes out then is thrown away. */
  #probe(stream: ZlibStream): void {
    const used = stream.bytesWritten
    this.#isProbing = true
    stream.write(new Uint8Array(1), () => {
      this.#isProbing = false
      if (stream.bytesWritten > used) this.#break()
      else stream.end()
      this.#notify()
    })
  }

  #openStream(start: Uint8Array): ZlibStream {
    const stream = this.#open(start)
    stream.on('readable', () => {
      this.#notify()
    })
    stream.on('end', () => {
      this.#ended = true
      this.#notify()
    })
    stream.on('error', (cause) => {
      this.#break(cause)
    })
    return stream
  }

  #break(cause?: Error): void {
    const error = new ContentDecodingError(
      `The body is not what its content coding ${this.#coding} says, or it was cut off.`,
      { cause },
    )
    this.cancel(error)
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { error }
    this.#stream?.destroy()
    this.#notify()
  }
}

/** Zlib goes on filling the buffer that a small chunk is a view of. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes
  return length === buffer.byteLength
    ? new Uint8Array(buffer, byteOffset, length)
    : new Uint8Array(bytes)
}
