/**
 * The store of a response body: bytes arrive as the socket brings them and leave as they are pulled.
 * Up to 256 KiB wait here unread, so that small bodies free their socket at once; beyond that the
 * socket is paused. The exchange (dispatch.ts) is this store too: one object per request.
 */
import { concatBytes } from '../../src/bytes.ts'
import { ownBytes } from '../../src/own-bytes.ts'
import { BodyTooLargeError, RequestError } from '../../src/errors.ts'
import type { Deadline, WireBody } from '../../src/ports.ts'
import { giveBack } from '../node/read-memory.ts'

const PAUSE_ABOVE = 256 * 1024
const RESUME_BELOW = 64 * 1024
/** So many places that have been read are kept: a server may send the bytes one by one. */
const FORGET_AT = 1024
const FORGOTTEN = /* @__PURE__ */ new Uint8Array(0)
/** An announced length is trusted with memory up to here. */
const PREALLOCATE = 64 * 1024 * 1024

interface Reading {
  resolve(bytes: Uint8Array | null): void
  reject(reason: unknown): void
}
interface Collecting {
  readonly limit: number
  resolve(bytes: Uint8Array): void
  reject(reason: unknown): void
}

export abstract class BodyStore implements WireBody {
  protected abstract readonly deadline: Deadline
  /** Null while there are none. */
  #chunks: Uint8Array[] | null = null
  /** So many of them have been read: taking the first out of a long list moves all others. */
  #read = 0
  #stored = 0
  #received = 0
  #expected: number | null = null
  /** The body whole, being filled, once its length is known. */
  #whole: Uint8Array | null = null
  #state: 'open' | 'ended' | 'failed' = 'open'
  #reason: unknown = undefined
  #paused = false
  #reading: Reading | null = null
  #collecting: Collecting | null = null

  /** Stops and restarts the socket; ends the exchange before its time. */
  protected abstract pauseSocket(): void
  protected abstract resumeSocket(): void
  protected abstract giveUp(reason: unknown): void
  protected abstract tooLarge(limit: number): string

  read(): Promise<Uint8Array | null> {
    const chunk = this.#chunks?.[this.#read]
    if (chunk !== undefined) {
      this.#forget(this.#chunks)
      this.#stored -= chunk.length
      if (this.#paused && this.#stored < RESUME_BELOW) this.#resume()
      // Chunks are views on what the socket read in one go.
      return Promise.resolve(ownBytes(chunk))
    }
    if (this.#state === 'ended') return Promise.resolve(null)
    if (this.#state === 'failed') return rejection(this.#reason)
    this.deadline.waiting()
    return new Promise((resolve, reject) => {
      this.#reading = { resolve, reject }
      if (this.#paused) this.#resume()
    })
  }

  collect(limit: number): Promise<Uint8Array> {
    if (this.#state === 'failed') return rejection(this.#reason)
    const announced = Math.max(this.#stored, this.#remaining() ?? 0)
    if (announced > limit) return rejection(this.#refuse(limit))
    if (this.#state === 'ended') return Promise.resolve(ownBytes(this.#take()))
    this.deadline.waiting()
    return new Promise((resolve, reject) => {
      this.#collecting = { limit, resolve, reject }
      this.#preallocate(announced)
      if (this.#paused) this.#resume()
    })
  }

  collectNow(limit: number): Uint8Array | null {
    return this.#state === 'ended' && this.#stored <= limit ? this.#take() : null
  }

  cancel(reason?: unknown): void {
    const why =
      reason ?? new RequestError('The body was given up before its end.', { code: 'CANCELLED' })
    this.failBody(why)
    this.#chunks = null
    this.#read = 0
    this.#stored = 0
    this.giveUp(why)
  }

  /** @param length Content-Length; null without one, and where the answer has no body. */
  protected expect(length: number | null): void {
    this.#expected = length
  }

  protected push(chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    const { length } = chunk
    this.#received += length
    this.deadline.received = this.#received
    if (this.#reading !== null) {
      const reading = this.#reading
      this.#reading = null
      this.deadline.idle()
      reading.resolve(ownBytes(chunk))
      return
    }
    this.#stored += length
    if (this.#collecting !== null) {
      this.#collect(chunk, this.#collecting)
      return
    }
    this.#keep(chunk)
    if (this.#stored > PAUSE_ABOVE && !this.#paused) {
      this.#paused = true
      this.pauseSocket()
    }
  }

  protected endBody(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#reading?.resolve(null)
    this.#collecting?.resolve(ownBytes(this.#take()))
    this.#reading = null
    this.#collecting = null
  }

  /** What has come before stays readable, piece by piece. */
  protected failBody(reason: unknown): void {
    if (this.#state !== 'open') return
    this.#state = 'failed'
    this.#reason = reason
    this.#whole = null
    this.#reading?.reject(reason)
    this.#collecting?.reject(reason)
    this.#reading = null
    this.#collecting = null
  }

  #collect(chunk: Uint8Array, { limit }: Collecting): void {
    if (this.#stored > limit) {
      this.#refuse(limit)
      return
    }
    this.deadline.waiting()
    const at = this.#stored - chunk.length
    if (this.#whole !== null && this.#stored <= this.#whole.length) {
      this.#whole.set(chunk, at)
      giveBack(chunk)
    } else this.#keep(chunk)
  }

  /** Most bodies are one chunk: a list that grows makes room for many. */
  #keep(chunk: Uint8Array): void {
    if (this.#chunks === null) this.#chunks = [chunk]
    else this.#chunks.push(chunk)
  }

  /** The first of those that are unread. */
  #forget(chunks: Uint8Array[] | null): void {
    // The place is kept, its memory is not.
    if (chunks !== null) chunks[this.#read] = FORGOTTEN
    this.#read += 1
    if (this.#read < FORGET_AT && this.#read !== chunks?.length) return
    this.#chunks = this.#unread()
    this.#read = 0
  }

  #unread(): Uint8Array[] | null {
    if (this.#read === 0 || this.#chunks === null) return this.#chunks
    return this.#read === this.#chunks.length ? null : this.#chunks.slice(this.#read)
  }

  #refuse(limit: number): BodyTooLargeError {
    const error = new BodyTooLargeError(this.tooLarge(limit))
    this.cancel(error)
    return error
  }

  #remaining(): number | null {
    if (this.#expected === null || this.#state === 'ended') return null
    return this.#stored + Math.max(0, this.#expected - this.#received)
  }

  #preallocate(length: number): void {
    if (this.#expected === null || length <= PAUSE_ABOVE || length > PREALLOCATE) return
    const whole = new Uint8Array(length)
    let at = 0
    for (const chunk of this.#unread() ?? []) {
      whole.set(chunk, at)
      at += chunk.length
    }
    this.#chunks = null
    this.#read = 0
    this.#whole = whole
  }

  /** It may be a view on memory that others have, too. */
  #take(): Uint8Array {
    const whole = this.#whole
    const chunks = this.#unread() ?? []
    const length = this.#stored
    this.#whole = null
    this.#chunks = null
    this.#read = 0
    this.#stored = 0
    if (whole?.length === length) return whole
    const only = chunks[0]
    if (chunks.length === 1 && only !== undefined) return only
    const all = concatBytes(chunks, length)
    for (const chunk of chunks) giveBack(chunk)
    return all
  }

  #resume(): void {
    this.#paused = false
    this.resumeSocket()
  }
}

function rejection(reason: unknown): Promise<never> {
  return new Promise((_, reject) => {
    // Handed on as it is: the caller's own value may be anything.
    reject(reason)
  })
}
