/**
 * Step 6 of 6: one request on undici's dispatcher. One object per request is its handler, the store
 * of its body and what the caller holds on to.
 */
import type { Deadline, WireRequest, WireResponse } from '../../src/ports.ts'
import { BodyStore } from './body.ts'
import { isDeadSocket, toAbort, tooLargeWords, translateError } from './errors.ts'
import { answerOf, contentLength, dispatchOptions, isBodiless, splitHeaders } from './head.ts'
import { http2Text } from './http2-fields.ts'
import { checkSlot, HTTP2Carrier } from './http2-streams.ts'
import type { OriginPool } from './origin.ts'
import type { ConnectionPool } from './pool.ts'
import { RawFields } from './raw-fields.ts'
import { isRefused, isRepeatable, NotSent, SentTwice, StreamCut } from './repetition.ts'
import type { DispatchOptions, RawText } from './shims.ts'
import type { Job, Slot } from './slot.ts'
import { Upload } from './upload.ts'
import type { UploadListener } from './upload.ts'

export function dispatch(request: WireRequest, pool: ConnectionPool): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    new Exchange(request, pool, resolve, reject).start()
  })
}

class Exchange extends BodyStore implements Job, UploadListener {
  slot: Slot | null = null
  /** Answered, one way or another; what undici still reports is of no interest. */
  isOver = false
  isRepeated = false
  isOnUsedSocket = false
  isForHTTP2 = false
  protected readonly deadline: Deadline
  readonly #request: WireRequest
  readonly #pool: ConnectionPool
  readonly #resolve: (response: WireResponse) => void
  readonly #reject: (reason: unknown) => void
  #options: DispatchOptions | null = null
  #origin: OriginPool | null = null
  #upload: Upload | null = null
  #abort: ((reason: Error) => void) | null = null
  #resume: (() => void) | null = null
  #paused = false
  #carrier: HTTP2Carrier | null = null
  #stage: 'waiting' | 'sent' | 'head' = 'waiting'
  #sawBytes = false
  #unused = false
  /** No body comes, whatever is announced. */
  #isBodiless = false

  constructor(
    request: WireRequest,
    pool: ConnectionPool,
    resolve: (response: WireResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    super()
    this.#request = request
    this.#pool = pool
    this.#resolve = resolve
    this.#reject = reject
    this.deadline = request.deadline
  }

  start(): void {
    const { deadline, body } = this.#request
    deadline.onFailure(this)
    if (this.isOver) return
    deadline.connecting(true)
    try {
      const upload = body === null ? null : Upload.open(body)
      if (upload instanceof Promise) {
        deadline.idle()
        void this.#startLater(upload)
      } else this.#connect(upload)
    } catch (error) {
      this.fail(error)
    }
  }

  get options(): DispatchOptions {
    if (this.#options === null) throw new TypeError('The request has not been planned.')
    return this.#options
  }

  onConnect(abort: (reason: Error) => void): void {
    const { slot } = this
    const isNew = this.#stage === 'waiting'
    // Throwing here gives the socket back to the pool; aborting would close it.
    this.#unused = true
    if (this.isOver || slot === null) throw new NotSent()
    // Undici sends what was under way on a lost connection again, by itself.
    if (this.#stage === 'head' || (!isNew && !isRepeatable(this.#request))) throw new SentTwice()
    if (slot.http2 || this.isForHTTP2) checkSlot(slot, this)
    this.#unused = false
    this.#abort = abort
    this.#stage = 'sent'
    this.isOnUsedSocket = slot.answers > 0
    if (isNew) this.#origin?.started(slot)
    const bytes = this.#upload?.bytes
    this.#carrier = slot.http2 ? new HTTP2Carrier(slot, this.options.method, bytes === null) : null
    this.deadline.waiting(bytes?.length ?? 0)
    if (bytes !== undefined && bytes !== null) {
      this.deadline.sent = bytes.length
      this.#request.onSent?.(bytes.length, bytes.length, 'socket')
      this.#upload?.close()
    }
  }

  onResponseStarted(): void {
    this.#sawBytes = true
  }

  onHeaders(
    status: number,
    raw: readonly RawText[],
    resume: () => void,
    statusText: string | undefined,
  ): boolean {
    // RFC 9110 §15.2: interim responses come before the one that counts.
    if (status < 200 || this.isOver) return !this.#paused
    this.#stage = 'head'
    this.#resume = resume
    const headers = new RawFields(this.slot?.http2 === true ? raw.map(http2Text) : raw)
    this.#isBodiless = isBodiless(this.#request.method, status)
    if (!this.#isBodiless) this.expect(contentLength(headers))
    if (this.#request.stream) this.deadline.idle()
    else this.deadline.waiting()
    this.#resolve(answerOf(status, statusText, headers, this))
    return !this.#paused
  }

  onData(chunk: Uint8Array): boolean {
    // After a resume undici reports an empty chunk: pausing on it would never end.
    if (chunk.length > 0) this.push(chunk)
    return !this.#paused
  }

  onComplete(): void {
    if (this.#carrier?.isCut === true) this.onError(new StreamCut())
    else {
      const { slot } = this
      this.slot = null
      this.#complete()
      if (slot !== null) this.#origin?.release(slot, 'answered')
    }
  }

  onError(error: unknown): void {
    const { slot } = this
    this.slot = null
    const origin = this.#origin
    // Undici is in the middle of closing the socket: what uses it again has to wait.
    const outcome = this.#unused ? 'unused' : 'failed'
    if (slot !== null && origin !== null) {
      queueMicrotask(() => {
        origin.release(slot, outcome)
      })
    }
    if (this.isOver) return
    const failure = this.#upload?.failure
    if (error instanceof NotSent) this.#placeAgain(origin)
    // Undici holds a 304 to the length of the body that it spares (RFC 9110 §8.6).
    else if (this.#isBodiless) this.#complete()
    else if (failure !== null && failure !== undefined) this.fail(failure.error)
    else if (this.#mayRepeat(error)) this.#repeat()
    else this.fail(translateError(error, this.#request, this.#errorStage()))
  }

  onSent(sent: number, done = false): void {
    const total = this.#upload?.length ?? (done ? sent : null)
    this.deadline.sent = sent
    if (done) this.#carrier?.done()
    if (sent > 0) this.#request.onSent?.(sent, total, 'socket')
    if (this.#stage === 'sent') this.deadline.waiting()
  }

  onPull(): void {
    // The source is the caller's own: its silence is not the peer's.
    if (this.#stage === 'sent') this.deadline.idle()
  }

  onBroken(): void {
    this.#carrier?.giveUp()
  }

  protected pauseSocket(): void {
    this.#paused = true
  }

  protected resumeSocket(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#resume?.()
  }

  protected giveUp(reason: unknown): void {
    if (!this.isOver) this.fail(reason)
  }

  protected tooLarge(limit: number): string {
    return tooLargeWords(this.#request, limit)
  }

  async #startLater(upload: Promise<Upload>): Promise<void> {
    try {
      const opened = await upload
      if (this.isOver) opened.close(this.deadline.reason)
      else {
        this.deadline.connecting(true)
        this.#connect(opened)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  #connect(upload: Upload | null): void {
    this.#upload = upload
    const { headers, authorization } = splitHeaders(this.#request, upload?.type ?? null)
    const route = this.#pool.plan(this.#request, authorization)
    const body = upload === null ? null : (upload.bytes ?? upload.stream(this))
    const length = upload !== null && upload.bytes === null ? upload.length : null
    this.#options = dispatchOptions(this.#request, route, { headers, body, length })
    const origin = this.#pool.find(this.#request, route)
    if (origin instanceof Promise) void this.#runLater(origin)
    else this.#run(origin)
  }

  async #runLater(opening: Promise<OriginPool>): Promise<void> {
    try {
      const origin = await opening
      if (!this.isOver) this.#run(origin)
    } catch (error) {
      this.fail(error)
    }
  }

  #run(origin: OriginPool): void {
    this.#origin = origin
    origin.run(this)
  }

  /** Only the transport knows that the socket had served before and died without a byte. */
  #mayRepeat(error: unknown): boolean {
    if (this.isRepeated || this.#sawBytes || this.#stage !== 'sent') return false
    if (isRefused(error)) return this.#request.body?.replayable !== false
    return this.isOnUsedSocket && isRepeatable(this.#request) && isDeadSocket(error)
  }

  #placeAgain(origin: OriginPool | null): void {
    queueMicrotask(() => {
      if (!this.isOver) origin?.place(this)
    })
  }

  #repeat(): void {
    this.isRepeated = true
    this.#stage = 'waiting'
    // Until it is asked again, nobody waits there.
    this.#origin = null
    this.#abort = null
    this.#upload?.close()
    this.#upload = null
    queueMicrotask(() => {
      if (!this.isOver) this.start()
    })
  }

  #errorStage(): 'connect' | 'sent' | 'body' {
    if (this.#stage === 'head') return 'body'
    return this.#stage === 'sent' ? 'sent' : 'connect'
  }

  /** The caller gets `reason`, at once; the socket is freed. */
  fail(reason: unknown): void {
    if (this.isOver) return
    const stage = this.#stage
    this.#finish(reason)
    if (stage === 'head') this.failBody(reason)
    else this.#reject(reason)
    if (stage === 'waiting') this.#origin?.abandoned()
    else if (this.slot !== null) {
      this.onBroken()
      this.#abort?.(toAbort(reason))
    }
  }

  #complete(): void {
    this.#finish()
    this.endBody()
  }

  #finish(reason?: unknown): void {
    this.isOver = true
    this.#upload?.close(reason)
    this.deadline.onFailure(null)
    if (this.#stage === 'head') this.deadline.end()
  }
}
