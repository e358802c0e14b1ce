/**
 * Taking content codings off a body (leaf of step 4), the last one applied first (RFC 9110 §8.4).
 * Loaded with the first body that has one left: browsers take them off by themselves.
 */
import { concatBytes } from '../bytes.ts'
import { BodyTooLargeError, ContentDecodingError, isRequestError } from '../errors.ts'
import { ownBytes } from '../own-bytes.ts'
import type { ByteReader, CallPlatform, WireBody } from '../ports.ts'
import { unsupported } from '../unsupported.ts'
import { remainingSteps } from './codings.ts'
import { bodyTooLarge, collectReader, limitBody } from './limit.ts'

export interface DecodeOptions {
  /** As Content-Encoding names them: in the order they were applied. */
  readonly codings: readonly string[]
  /** What the runtime has removed already. */
  readonly undone: readonly string[]
  readonly platform: Pick<CallPlatform, 'decoders' | 'decodeNow' | 'runtime'>
  /** Decoded bytes; `Infinity` is no limit. */
  readonly maxBytes: number
  /** Refuses what expands like a bomb from the first byte on; what is collected always is. */
  readonly guardRatio: boolean
}

/** The body without its codings. Nothing is read, and nothing fails, before the first read. */
export function decodeBody(body: WireBody, options: DecodeOptions): WireBody {
  const steps = remainingSteps(options.codings, options.undone)
  if (steps.length === 0) return limitBody(body, options.maxBytes)
  return new DecodedBody(body, steps, options)
}

/** An attacker could nest without end (CVE-2026-22036); undici and curl draw the same line. */
const MAX_STEPS = 5
const MAX_RATIO = 100
const RATIO_FREE_BYTES = 1_048_576
/** Coded input may exceed the decoded limit by flushes and headers, but not without bounds: a chain
 *  of empty gzip members decodes to nothing for ever. */
const CODED_SLACK_BYTES = 65_536
/** A stream of zlib's costs a small answer more than its round trip. Nothing else happens meanwhile, so
 *  what is decoded in one go takes less than a millisecond. */
const AT_ONCE_CODED_BYTES = 32_768
const AT_ONCE_BYTES = 262_144

class DecodedBody implements WireBody {
  readonly #source: CodedSource
  readonly #steps: readonly string[]
  readonly #options: DecodeOptions
  #guarded: boolean
  #reader: ByteReader | null = null
  #ended = false
  /** Boxed, since a caller may cancel with anything, also with nothing. */
  #failure: { readonly error: unknown } | null = null

  constructor(body: WireBody, steps: readonly string[], options: DecodeOptions) {
    this.#source = new CodedSource(body, options.maxBytes)
    this.#steps = steps
    this.#options = options
    this.#guarded = options.guardRatio
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#ended) return null
    if (this.#failure !== null) throw this.#failure.error
    try {
      this.#reader ??= await this.#open()
      const chunk = await this.#reader.read()
      if (chunk === null) await this.#finish()
      return chunk
    } catch (error) {
      const cause = this.#explain(error)
      this.cancel(cause)
      throw cause
    }
  }

  async collect(limit: number): Promise<Uint8Array> {
    // Everything will be in memory at once.
    this.#guarded = true
    if (this.#mayDecodeNow) await this.#source.readAhead(AT_ONCE_CODED_BYTES)
    const bytes = this.collectNow(limit)
    return bytes === null ? collectReader(this, limit) : ownBytes(bytes)
  }

  /** Where a small body has come whole. */
  collectNow(limit: number): Uint8Array | null {
    if (!this.#mayDecodeNow) return null
    const coded = this.#source.peek(AT_ONCE_CODED_BYTES)
    const bytes = coded === null ? null : this.#decodeNow(coded, limit)
    // Else it is read once more, by who tells what is wrong with it.
    this.#ended = bytes !== null
    return bytes
  }

  cancel(reason?: unknown): void {
    this.#failure ??= { error: reason }
    this.#source.cancel(reason)
    this.#reader?.cancel(reason)
  }

  get #mayDecodeNow(): boolean {
    return (
      this.#options.platform.decodeNow !== undefined &&
      this.#steps.length === 1 &&
      this.#reader === null &&
      this.#failure === null &&
      !this.#ended
    )
  }

  #decodeNow(coded: Uint8Array, limit: number): Uint8Array | null {
    const { maxBytes, platform } = this.#options
    if (coded.length === 0) return coded
    const most = Math.min(limit, maxBytes, AT_ONCE_BYTES)
    return platform.decodeNow?.(this.#steps[0] ?? '', coded, most) ?? null
  }

  /** An empty body has no coding, whatever the header says: HEAD, 304 and careless servers. */
  async #open(): Promise<ByteReader> {
    if (await this.#source.isEmpty()) return this.#source
    const { maxBytes } = this.#options
    if (this.#steps.length > MAX_STEPS) {
      throw new ContentDecodingError(
        `The response names ${String(this.#steps.length)} content codings; more than ${String(MAX_STEPS)} are refused.`,
      )
    }
    let reader: ByteReader = this.#source
    for (const coding of this.#steps) {
      const decoded = this.#decoder(coding)(reader)
      reader = new MeteredReader(
        decoded,
        this.#source,
        this.#guarded ? MAX_RATIO : Infinity,
        maxBytes,
      )
    }
    return reader
  }

  #decoder(coding: string): (source: ByteReader) => ByteReader {
    const { decoders, runtime } = this.#options.platform
    const decoder = decoders?.(coding) ?? null
    if (decoder !== null) return decoder
    throw unsupported(
      `Decoding a response body with Content-Encoding: ${coding}`,
      runtime,
      'Set an Accept-Encoding header without it, or take the coded bytes with decompress: false.',
    )
  }

  /** What follows the end of the coded data is dropped, as browsers do; the connection is freed. */
  async #finish(): Promise<void> {
    this.#ended = true
    if ((await this.#source.read()) !== null) this.cancel()
  }

  /** A broken connection shows itself to the decoder as cut data: the first cause is the true one. */
  #explain(error: unknown): unknown {
    const first = this.#failure ?? this.#source.failure
    if (first !== null) return first.error
    if (isRequestError(error)) return error
    return new ContentDecodingError(
      `The response body is not valid ${this.#steps.join(', then ')} data.`,
      { cause: error },
    )
  }
}

/** The coded bytes of the wire: counted, with their own failure remembered, unless it is but the
 *  echo of a decoder that has given the source up. */
class CodedSource implements ByteReader {
  readonly #body: WireBody
  readonly #maxBytes: number
  /** Read before anybody wanted it. */
  #ahead: Uint8Array[] = []
  #atEnd = false
  #cancelled = false
  count = 0
  failure: { readonly error: unknown } | null = null

  constructor(body: WireBody, maxBytes: number) {
    this.#body = body
    this.#maxBytes = maxBytes
  }

  async isEmpty(): Promise<boolean> {
    const first = await this.read()
    if (first !== null) this.#ahead.unshift(first)
    return first === null
  }

  /** Until all is there, or more than `limit` bytes are. What goes wrong is told to who reads on. */
  async readAhead(limit: number): Promise<void> {
    const ahead: Uint8Array[] = []
    try {
      while (this.count <= limit) {
        const chunk = await this.read()
        if (chunk === null) break
        ahead.push(chunk)
      }
    } catch {
      // Kept as the failure.
    }
    this.#ahead = ahead
  }

  /** Everything, where it has come and is no more than `limit` bytes. It can still be read. */
  peek(limit: number): Uint8Array | null {
    if (this.count === 0 && !this.#atEnd) this.#takeNow(limit)
    if (!this.#atEnd || this.count > limit) return null
    const all = concatBytes(this.#ahead, this.count)
    this.#ahead = all.length === 0 ? [] : [all]
    return all
  }

  async read(): Promise<Uint8Array | null> {
    const next = this.#ahead.shift()
    if (next !== undefined) return next
    if (this.failure !== null) throw this.failure.error
    if (this.#atEnd) return null
    try {
      const chunk = await this.#body.read()
      if (chunk === null) this.#atEnd = true
      else this.count += chunk.length
      if (this.count > 2 * this.#maxBytes + CODED_SLACK_BYTES) throw bodyTooLarge(this.#maxBytes)
      return chunk
    } catch (error) {
      if (!this.#cancelled) this.failure = { error }
      throw error
    }
  }

  #takeNow(limit: number): void {
    const all = this.#body.collectNow?.(limit) ?? null
    if (all === null) return
    this.#ahead = [all]
    this.count = all.length
    this.#atEnd = true
  }

  cancel(reason?: unknown): void {
    this.#cancelled = true
    this.#body.cancel(reason)
  }
}

/** The output of one step. Every step is watched: a small result may hide a huge one in between. */
class MeteredReader implements ByteReader {
  readonly #reader: ByteReader
  readonly #source: CodedSource
  readonly #maxRatio: number
  readonly #maxBytes: number
  #count = 0

  constructor(reader: ByteReader, source: CodedSource, maxRatio: number, maxBytes: number) {
    this.#reader = reader
    this.#source = source
    this.#maxRatio = maxRatio
    this.#maxBytes = maxBytes
  }

  async read(): Promise<Uint8Array | null> {
    const chunk = await this.#reader.read()
    if (chunk === null) return null
    this.#count += chunk.length
    if (this.#count > this.#maxBytes) throw bodyTooLarge(this.#maxBytes)
    if (this.#count > RATIO_FREE_BYTES && this.#count > this.#maxRatio * this.#source.count) {
      throw new BodyTooLargeError(
        `The response body expands to more than ${String(MAX_RATIO)} times its size on the wire, ` +
          'as decompression bombs do. Iterate over it or save it, with stream: true, if it is to be trusted.',
        { code: 'BODY_EXPANDS' },
      )
    }
    return chunk
  }

  cancel(reason?: unknown): void {
    this.#reader.cancel(reason)
  }
}
