/** The body of a response over a native stream: read by pieces or whole, within its limits. */
import { concatBytes } from '../../src/bytes.ts'
import { BodyTooLargeError, IncompleteBodyError } from '../../src/call-errors.ts'
import type { WireBody } from '../../src/ports.ts'
import { isNullBodyStatus } from '../../src/status.ts'
import { errorRequest, nameRequest } from './about.ts'
import type { NativeReader } from './dialect.ts'
import type { Flight } from './flight.ts'

/** An announced length is a claim: no more than this is reserved for it at once. */
const RESERVE_LIMIT = 64 * 1024 * 1024

/** What a server sends before it waits for anything (RFC 6928: ten segments), and so what comes in
 *  one go: that much the runtime may read by itself, at half the cost of a reader. */
const WHOLE_LIMIT = 14_600

export class FetchBody implements WireBody {
  readonly #flight: Flight
  /** Announced and exact, or null. */
  readonly #length: number | null
  /** For the runtime to read whole, as long as nobody has asked for its stream. */
  #response: Response | null = null
  #whole: Promise<ArrayBuffer> | null = null
  #stream: ReadableStream<Uint8Array> | null = null
  #reader: NativeReader | null = null
  #received = 0
  #cancelled: { readonly reason: unknown } | null = null

  constructor(flight: Flight, response: Response, length: number | null) {
    this.#flight = flight
    this.#length = length
    if (mayReadWhole(flight, response, length)) this.#response = response
    else {
      this.#stream = flight.hasBody(response) ? response.body : null
      if (this.#stream === null) this.#finish()
    }
  }

  get native(): ReadableStream<Uint8Array> | null {
    this.#openStream()
    return this.#reader === null ? this.#stream : null
  }

  async read(): Promise<Uint8Array | null> {
    this.#openStream()
    for (;;) {
      this.#flight.check()
      if (this.#whole !== null) return this.#readWhole(this.#whole)
      if (this.#stream === null) return null
      this.#reader ??=
        this.#flight.dialect.reader?.(this.#stream, this.#length) ?? defaultReader(this.#stream)
      const chunk = await this.#next(this.#reader)
      if (chunk === null || chunk.length > 0) return chunk
    }
  }

  collect(limit: number): Promise<Uint8Array> {
    const whole = this.#takeWhole(limit)
    return whole === null ? this.#gather(limit) : this.#readWhole(whole)
  }

  /** Where the runtime has everything and shows it: without a promise. */
  collectNow(limit: number): Uint8Array | null {
    const { dialect, failure } = this.#flight
    if (dialect.peek === undefined || failure !== null) return null
    const whole = this.#takeWhole(limit)
    const buffer = whole === null ? null : dialect.peek(whole)
    return buffer?.byteLength === this.#length ? this.#landed(buffer) : null
  }

  async #gather(limit: number): Promise<Uint8Array> {
    this.#openStream()
    // HEAD and 304 announce the length of a body that does not come.
    if (this.#stream === null) return (await this.read()) ?? new Uint8Array(0)
    const rest = this.#length === null ? null : this.#length - this.#received
    if (rest !== null && rest > limit) throw this.#tooLarge(limit)
    const first = await this.read()
    if (first === null) return new Uint8Array(0)
    if (first.length > limit) throw this.#tooLarge(limit)
    // A small answer comes in one piece, which needs no copy.
    if (first.length === rest) return first
    const reserve = rest !== null && rest <= RESERVE_LIMIT && rest > first.length
    const all = new Gathered(first, reserve ? rest : 0)
    for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) {
      if (all.length + chunk.length > limit) throw this.#tooLarge(limit)
      all.add(chunk)
    }
    return all.bytes()
  }

  cancel(reason?: unknown): void {
    this.#openStream()
    const stream = this.#stream
    if (this.#whole !== null) {
      this.#cancelled = { reason }
      this.#flight.abandon()
    }
    if (stream === null) return
    this.#cancelled = { reason }
    this.#stream = null
    // What the runtime says about a body that nobody wants any more has no reader.
    const cancelled = this.#reader === null ? stream.cancel(reason) : this.#reader.cancel(reason)
    cancelled.catch(() => undefined)
    this.#flight.abandon()
  }

  #openStream(): void {
    this.#stream ??= this.#response?.body ?? null
    this.#response = null
  }

  /** Begins to; null where the body has to be read by pieces. */
  #takeWhole(limit: number): Promise<ArrayBuffer> | null {
    if (this.#response !== null && (this.#length ?? 0) <= limit) {
      this.#whole = this.#response.arrayBuffer()
      this.#response = null
    }
    return this.#whole
  }

  async #readWhole(whole: Promise<ArrayBuffer>): Promise<Uint8Array> {
    this.#flight.request.deadline.waiting()
    let buffer
    try {
      buffer = await whole
    } catch (error) {
      if (this.#cancelled === null) throw this.#failed(error)
    }
    this.#whole = null
    if (this.#cancelled !== null || buffer === undefined) throw this.#cancelled?.reason
    if (this.#flight.failure !== null) throw this.#failed(this.#flight.failure.error)
    this.#received = buffer.byteLength
    this.#checkLength()
    return this.#landed(buffer)
  }

  #landed(buffer: ArrayBuffer): Uint8Array {
    this.#whole = null
    this.#flight.request.deadline.received = buffer.byteLength
    this.#finish()
    return new Uint8Array(buffer)
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
    this.#whole = null
    this.#stream = null
    return this.#flight.giveUp(error, 'body')
  }

  #finish(): void {
    this.#stream = null
    this.#flight.land()
  }
}

/** Not where the caller has set limits: these want to see how the bytes come. */
function mayReadWhole(flight: Flight, { status }: Response, length: number | null): boolean {
  const { dialect, request } = flight
  if (dialect.whole !== true || length === null || length === 0 || length > WHOLE_LIMIT)
    return false
  if (request.stream || request.deadline.isExact === true) return false
  return request.method !== 'HEAD' && !isNullBodyStatus(status)
}

/** Bytes put together: in one buffer when their number was announced, else at the end. */
class Gathered {
  readonly #reserved: Uint8Array
  readonly #chunks: Uint8Array[] = []
  #filled = 0
  length = 0

  constructor(first: Uint8Array, announced: number) {
    this.#reserved = new Uint8Array(announced)
    this.add(first)
  }

  add(chunk: Uint8Array): void {
    this.length += chunk.length
    if (this.length > this.#reserved.length) {
      this.#chunks.push(chunk)
      return
    }
    this.#reserved.set(chunk, this.#filled)
    this.#filled = this.length
  }

  bytes(): Uint8Array {
    if (this.#chunks.length === 0) return this.#reserved.subarray(0, this.#filled)
    if (this.#filled > 0) this.#chunks.unshift(this.#reserved.subarray(0, this.#filled))
    return concatBytes(this.#chunks, this.length)
  }
}

function defaultReader(stream: ReadableStream<Uint8Array>): NativeReader {
  return stream.getReader()
}
