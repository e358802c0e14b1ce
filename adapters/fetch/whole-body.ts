/** A small body, which a runtime reads by itself at half the cost of a reader. */
import type { WireBody } from '../../src/ports.ts'
import { isNullBodyStatus } from '../../src/status.ts'
import { FetchBody } from './body.ts'
import { cutShort } from './body-errors.ts'
import type { Whole } from './dialect.ts'
import type { Flight } from './flight.ts'

/** What a server sends before it waits for anything (RFC 6928: ten segments), and so what comes in
 *  one go. */
const WHOLE_LIMIT = 14_600

export function openBody(flight: Flight, response: Response, length: number | null): WireBody {
  return length !== null && mayReadWhole(flight, response, length)
    ? new WholeBody(flight, response, length)
    : new FetchBody(flight, response, length)
}

/** Not where the caller has set limits: these want to see how the bytes come. */
function mayReadWhole(flight: Flight, { status }: Response, length: number): boolean {
  const { dialect, request } = flight
  if (!dialect.whole || length === 0 || length > WHOLE_LIMIT) return false
  if (request.stream || request.deadline.isExact === true) return false
  return request.method !== 'HEAD' && !isNullBodyStatus(status)
}

/** Read whole, unless somebody asks for its pieces first. */
class WholeBody implements WireBody {
  readonly #flight: Flight
  readonly #length: number
  /** Until it is decided how to read it. */
  #response: Response | null
  #whole: Promise<Whole> | null = null
  #pieces: FetchBody | null = null
  #cancelled: { readonly reason: unknown } | null = null

  constructor(flight: Flight, response: Response, length: number) {
    this.#flight = flight
    this.#length = length
    this.#response = response
  }

  get native(): ReadableStream<Uint8Array> | null {
    return this.#byPieces()?.native ?? null
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#whole !== null) return this.#readWhole(this.#whole)
    const pieces = this.#byPieces()
    if (pieces !== null) return pieces.read()
    this.#flight.check()
    return null
  }

  collect(limit: number): Promise<Uint8Array> {
    const whole = this.#takeWhole(limit)
    if (whole !== null) return this.#readWhole(whole)
    return this.#byPieces()?.collect(limit) ?? Promise.resolve(new Uint8Array(0))
  }

  /** Where the runtime has everything and shows it: without a promise. */
  collectNow(limit: number): Uint8Array | null {
    const { dialect, failure } = this.#flight
    if (dialect.peek === null || failure !== null) return null
    const whole = this.#takeWhole(limit)
    const buffer = whole === null ? null : dialect.peek(whole)
    return buffer?.byteLength === this.#length ? this.#landed(buffer) : null
  }

  cancel(reason?: unknown): void {
    if (this.#whole === null) {
      this.#byPieces()?.cancel(reason)
      return
    }
    this.#cancelled = { reason }
    this.#flight.abandon()
  }

  /** Null once it has been read whole, or is being. */
  #byPieces(): FetchBody | null {
    if (this.#response !== null) {
      this.#pieces = new FetchBody(this.#flight, this.#response, this.#length)
      this.#response = null
    }
    return this.#pieces
  }

  /** Begins to; null where the body has to be read by pieces. */
  #takeWhole(limit: number): Promise<Whole> | null {
    const response = this.#response
    if (response !== null && this.#length <= limit) {
      this.#whole = this.#flight.dialect.bytesOf(response)
      this.#response = null
    }
    return this.#whole
  }

  async #readWhole(whole: Promise<Whole>): Promise<Uint8Array> {
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
    if (buffer.byteLength < this.#length) {
      this.#flight.land()
      throw cutShort(this.#flight.request, buffer.byteLength, this.#length)
    }
    return this.#landed(buffer)
  }

  #landed(buffer: Whole): Uint8Array {
    this.#whole = null
    this.#flight.request.deadline.received = buffer.byteLength
    this.#flight.complete()
    return 'buffer' in buffer ? buffer : new Uint8Array(buffer)
  }

  #failed(error: unknown): unknown {
    this.#whole = null
    return this.#flight.giveUp(error, 'body')
  }
}
