/** The body of a response over a native stream: read by pieces or whole, within its limits. */
import type { WireBody } from '../../src/ports.ts'
import { cutShort, tooLarge } from './body-errors.ts'
import type { NativeReader } from './dialect.ts'
import type { Flight } from './flight.ts'
import { Gathered } from './gathered.ts'

export class FetchBody implements WireBody {
  readonly #flight: Flight
  /** Announced and exact, or null. */
  readonly #length: number | null
  #stream: ReadableStream<Uint8Array> | null
  #reader: NativeReader | null = null
  #received = 0
  #cancelled: { readonly reason: unknown } | null = null

  constructor(flight: Flight, response: Response, length: number | null) {
    this.#flight = flight
    this.#length = length
    this.#stream = flight.bodyOf(response)
    if (this.#stream === null) this.#finish()
  }

  get native(): ReadableStream<Uint8Array> | null {
    return this.#reader === null ? this.#stream : null
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      this.#flight.check()
      if (this.#stream === null) return null
      this.#reader ??=
        this.#flight.dialect.reader?.(this.#stream, this.#length) ?? defaultReader(this.#stream)
      const chunk = await this.#next(this.#reader)
      if (chunk === null || chunk.length > 0) return chunk
    }
  }

  async collect(limit: number): Promise<Uint8Array> {
    // HEAD and 304 announce the length of a body that does not come.
    if (this.#stream === null) return (await this.read()) ?? new Uint8Array(0)
    const rest = this.#length === null ? null : this.#length - this.#received
    if (rest !== null && rest > limit) throw this.#tooLarge(limit)
    const first = await this.read()
    if (first === null) return new Uint8Array(0)
    if (first.length > limit) throw this.#tooLarge(limit)
    // A small answer comes in one piece, which needs no copy.
    if (first.length === rest) return first
    const all = new Gathered(first, rest)
    for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) {
      if (all.length + chunk.length > limit) throw this.#tooLarge(limit)
      all.add(chunk)
    }
    return all.bytes()
  }

  /** Where there is nothing to read. */
  collectNow(): Uint8Array | null {
    return this.#stream === null && this.#flight.failure === null ? new Uint8Array(0) : null
  }

  cancel(reason?: unknown): void {
    const stream = this.#stream
    if (stream === null) return
    this.#cancelled = { reason }
    this.#stream = null
    // What the runtime says about a body that nobody wants any more has no reader.
    const cancelled = this.#reader === null ? stream.cancel(reason) : this.#reader.cancel(reason)
    cancelled.catch(() => undefined)
    this.#flight.abandon()
  }

  async #next(reader: NativeReader): Promise<Uint8Array | null> {
    const { deadline } = this.#flight.request
    deadline.waiting()
    try {
      const { done, value } = await reader.read()
      if (!done) return this.#count(reader, value ?? new Uint8Array(0))
    } catch (error) {
      if (this.#cancelled === null) throw this.#failed(error)
    }
    if (this.#cancelled !== null) throw this.#cancelled.reason
    if (this.#flight.failure !== null) throw this.#failed(this.#flight.failure.error)
    this.#checkLength()
    this.#finish()
    return null
  }

  /** The last byte of an announced length is the end: waiting for it to be told costs a turn. */
  #count(reader: NativeReader, chunk: Uint8Array): Uint8Array {
    this.#received += chunk.length
    this.#flight.request.deadline.received = this.#received
    if (this.#received !== this.#length) {
      this.#flight.request.deadline.idle()
      return chunk
    }
    // The end is taken all the same, since some engines free the connection only then.
    reader.read().catch(() => undefined)
    this.#finish()
    return chunk
  }

  /** Engines notice a cut body by themselves, but not all of them do so always. */
  #checkLength(): void {
    const length = this.#length
    if (length === null || this.#received >= length) return
    this.#finish()
    throw cutShort(this.#flight.request, this.#received, length)
  }

  #tooLarge(limit: number): Error {
    const error = tooLarge(this.#flight.request, limit)
    this.cancel(error)
    return error
  }

  #failed(error: unknown): unknown {
    this.#stream = null
    return this.#flight.giveUp(error, 'body')
  }

  #finish(): void {
    this.#stream = null
    this.#flight.complete()
  }
}

function defaultReader(stream: ReadableStream<Uint8Array>): NativeReader {
  return stream.getReader()
}
