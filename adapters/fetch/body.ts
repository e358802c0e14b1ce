/** The body of a response over a native stream: read by pieces or whole, within its limits. */
import { concatBytes } from '../../src/bytes.ts'
import { BodyTooLargeError, IncompleteBodyError } from '../../src/errors.ts'
import type { WireBody } from '../../src/ports.ts'
import { errorRequest, nameRequest } from './about.ts'
import type { NativeReader } from './dialect.ts'
import type { Flight } from './flight.ts'

/** Bodies announced to be no larger are read natively: too short for a limit of silence to matter,
 *  and twice as fast. */
const WHOLE_LIMIT = 256 * 1024
/** An announced length is a claim: no more than this is reserved for it at once. */
const RESERVE_LIMIT = 64 * 1024 * 1024

export class FetchBody implements WireBody {
  readonly #flight: Flight
  readonly #response: Response
  /** Announced and exact, or null. */
  readonly #length: number | null
  #stream: ReadableStream<Uint8Array> | null
  #reader: NativeReader | null = null
  #received = 0

  constructor(flight: Flight, response: Response, length: number | null) {
    this.#flight = flight
    this.#response = response
    this.#length = length
    this.#stream = flight.hasBody(response) ? response.body : null
    if (this.#stream === null) this.#finish()
  }

  get native(): ReadableStream<Uint8Array> | null {
    return this.#reader === null ? this.#stream : null
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      this.#flight.check()
      if (this.#stream === null) return null
      this.#reader ??= this.#flight.dialect.reader?.(this.#stream) ?? defaultReader(this.#stream)
      const chunk = await this.#next(this.#reader)
      if (chunk === null || chunk.length > 0) return chunk
    }
  }

  async collect(limit: number): Promise<Uint8Array> {
    const length = this.#length
    if (length !== null && length > limit) throw this.#tooLarge(limit)
    if (length !== null && length <= WHOLE_LIMIT && this.native !== null) return this.#whole(limit)
    const chunks: Uint8Array[] = []
    const reserved =
      length === null || length > RESERVE_LIMIT ? null : new Uint8Array(length - this.#received)
    let at = 0
    let filled = 0
    for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) {
      if (at + chunk.length > limit) throw this.#tooLarge(limit)
      at += chunk.length
      if (reserved !== null && at <= reserved.length) {
        reserved.set(chunk, filled)
        filled = at
      } else chunks.push(chunk)
    }
    if (reserved !== null && filled > 0) chunks.unshift(reserved.subarray(0, filled))
    return concatBytes(chunks, at)
  }

  cancel(reason?: unknown): void {
    const stream = this.#stream
    if (stream === null) return
    this.#finish()
    // What the runtime says about a body that nobody wants any more has no reader.
    const cancelled = this.#reader === null ? stream.cancel(reason) : this.#reader.cancel(reason)
    cancelled.catch(() => undefined)
  }

  async #next(reader: NativeReader): Promise<Uint8Array | null> {
    const { deadline } = this.#flight.request
    deadline.waiting()
    try {
      const { done, value } = await reader.read()
      if (!done) {
        deadline.idle()
        this.#received += value?.length ?? 0
        return value ?? new Uint8Array(0)
      }
    } catch (error) {
      throw this.#failed(error)
    }
    if (this.#flight.failure !== null) throw this.#failed(this.#flight.failure.error)
    this.#checkLength()
    this.#finish()
    return null
  }

  async #whole(limit: number): Promise<Uint8Array> {
    this.#flight.request.deadline.waiting()
    let bytes: Uint8Array
    try {
      bytes = new Uint8Array(await this.#response.arrayBuffer())
    } catch (error) {
      throw this.#failed(error)
    }
    this.#received = bytes.length
    this.#checkLength()
    this.#finish()
    if (bytes.length > limit) throw this.#tooLarge(limit)
    return bytes
  }

  /** Engines notice a cut body by themselves, but not all of them do so always. */
  #checkLength(): void {
    const length = this.#length
    if (length === null || this.#received >= length) return
    this.#finish()
    const { request } = this.#flight
    throw new IncompleteBodyError(
      `${nameRequest(request)}: the body ended after ${String(this.#received)} of ${String(length)} bytes.`,
      { request: errorRequest(request) },
    )
  }

  #tooLarge(limit: number): Error {
    const { request } = this.#flight
    const error = new BodyTooLargeError(
      `${nameRequest(request)}: the body is larger than maxBytes (${String(limit)} bytes).`,
      { request: errorRequest(request) },
    )
    this.cancel(error)
    return error
  }

  #failed(error: unknown): unknown {
    this.#stream = null
    return this.#flight.giveUp(error, 'body')
  }

  #finish(): void {
    this.#stream = null
    this.#flight.land()
  }
}

function defaultReader(stream: ReadableStream<Uint8Array>): NativeReader {
  return stream.getReader()
}
