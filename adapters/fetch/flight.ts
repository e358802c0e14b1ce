/** One request on its way: who failed first, and what has to be let go then. */
import type { WireRequest } from '../../src/ports.ts'
import { bodyOf, isEmpty } from './answer-head.ts'
import type { Dialect, Phase } from './dialect.ts'
import { redactError } from './redact.ts'
import type { Upload } from './upload.ts'

export class Flight {
  readonly dialect: Dialect
  readonly request: WireRequest
  /** Our own reason to stop. Engines hand reasons back unreliably (Firefox and WebKit make an
   *  AbortError of all of them), so this is asked before any error of theirs. */
  failure: { readonly error: unknown } | null = null
  /** Set as soon as there is one: from then on it is closed, whatever happens. */
  upload: Upload | null = null
  /** Null when another call may have it. */
  #controller: AbortController | null
  /** Rejects the call as soon as the flight is stopped, whatever the runtime does; null from the head of
   *  the answer on, when it is for the body to tell. */
  #reject: ((error: unknown) => void) | null
  #landed = false

  constructor(dialect: Dialect, request: WireRequest, reject: (error: unknown) => void) {
    this.dialect = dialect
    this.request = request
    this.#reject = reject
    this.#controller = dialect.spares?.takeController() ?? new AbortController()
    request.deadline.onFailure(this)
  }

  get signal(): AbortSignal | null {
    return this.#controller?.signal ?? null
  }

  /** Throws when the flight has been stopped in the meantime. */
  check(): void {
    if (this.failure !== null) throw this.failure.error
  }

  /** The head of the answer is there. */
  arrive(response: Response): void {
    if (this.failure !== null) {
      // The call is rejected, so nobody else would free the connection.
      response.body?.cancel().catch(() => undefined)
      throw this.failure.error
    }
    this.#reject = null
    this.request.deadline.idle()
  }

  /** Ends everything. The first reason counts. */
  fail(error: unknown): void {
    if (this.#landed) return
    this.failure ??= { error }
    this.#cut(this.failure.error)
    const reject = this.#reject
    this.#reject = null
    reject?.(this.giveUp(error, 'send'))
  }

  /** What to reject with after `error` came from the runtime; everything is let go. */
  giveUp(error: unknown, phase: Phase): unknown {
    const own = this.failure
    redactError(error, this.request)
    const reason =
      own === null ? this.dialect.translateError(error, this.request, phase) : own.error
    this.fail(reason)
    this.land()
    return reason
  }

  /** The response is over. A server that has answered in full wants no more of the upload. */
  land(): void {
    if (this.#landed) return
    const { upload } = this
    if (upload !== null && !upload.done) {
      this.#cut(new Error('The response is complete: the rest of the body is not wanted.'))
    }
    this.#landed = true
    this.#reject = null
    this.request.deadline.onFailure(null)
    this.request.deadline.end()
  }

  /** The response is over, and has come whole. */
  complete(): void {
    this.land()
    const controller = this.#controller
    this.#controller = null
    if (controller !== null) this.dialect.spares?.keepController(controller)
  }

  /** The body is not wanted. Where its stream is not the engine's own, only the abort frees the
   *  connection. */
  abandon(): void {
    this.land()
    this.#cut(undefined)
  }

  /** Null where there is nothing to read. */
  bodyOf(response: Response): ReadableStream<Uint8Array> | null {
    const { method } = this.request
    return this.dialect.whole && isEmpty(response, method) ? null : bodyOf(response, method)
  }

  /** The source first: an abort makes some runtimes cancel it without a reason. */
  #cut(reason: unknown): void {
    if (this.upload?.stop(reason) !== true) this.#controller?.abort(reason)
  }
}
