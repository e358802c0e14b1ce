/**
 * The limits of time of one call and its caller's signal (layer 1). `AbortSignal.any` is not used: it
 * loses events after a garbage collection on Node 20 and 24, and costs more than the request.
 */
import { AttemptDeadline } from './deadline-attempt.ts'
import type { AttemptOwner } from './deadline-attempt.ts'
import type { TimeLimits } from './deadline-limits.ts'
import { nameOf, silence, soFar } from './deadline-errors.ts'
import { ConnectTimeoutError, TotalTimeoutError } from './errors.ts'
import type { About, Standing } from './deadline-errors.ts'
import { unwatchSignal, watchSignal } from './deadline-signal.ts'
import type { SignalWatcher } from './deadline-signal.ts'
import { Linked } from './linked.ts'
import type { Clock, Ticket } from './ports.ts'

/** The whole call: its total limit, its caller's signal, and the attempt that is under way. */
export class CallDeadline extends Linked implements AttemptOwner, SignalWatcher {
  failed = false
  reason: unknown = undefined
  /** Whoever waits for something else than the attempt: a function of the caller. */
  onFailure: ((reason: unknown) => void) | null = null
  readonly limits: TimeLimits
  readonly clock: Clock
  readonly #signal: AbortSignal | null
  #attempt: AttemptDeadline | null = null
  #total: Ticket | null = null
  /** Of all attempts, one after the other: a hop needs no timer of its own. */
  #ticket: Ticket | null = null
  #ticketDue = Infinity
  #ended = false
  #final = false

  constructor(limits: TimeLimits, signal: AbortSignal | null, clock: Clock) {
    super()
    this.limits = limits
    this.clock = clock
    this.#signal = signal
    if (signal?.aborted === true) this.fail(signal.reason)
    else if (signal !== null) watchSignal(signal, this)
    const { total } = limits
    if (total === null || this.#ended) return
    this.#total = clock.start(() => this.fail(this.#tooLong(total)), total)
  }

  /** For the clock: time to look at the attempt. */
  ring(): void {
    this.#ticket = null
    this.#ticketDue = Infinity
    const attempt = this.#attempt
    if (attempt === null || attempt.due === Infinity) return
    const now = this.clock.now()
    if (now < attempt.due) this.#arm(attempt.due - now, now)
    else this.fail(this.#tooSlow(attempt))
  }

  /** Re-arms only when the new end comes before the armed one: a chunk merely stores a time. */
  watch(due: number, look: number, now: number): void {
    if (due < this.#ticketDue) this.#arm(look, now)
  }

  get ended(): boolean {
    return this.#ended
  }

  signalled(reason: unknown): void {
    this.fail(reason)
  }

  /** The deadline of the next attempt; the one before has no say any more. */
  attempt(about: About): AttemptDeadline {
    this.#attempt?.end()
    this.#attempt = new AttemptDeadline(this, about)
    return this.#attempt
  }

  /** No further attempt will come: the call is over when the current one is. */
  finish(): void {
    this.#final = true
    if (this.#attempt === null || this.#attempt.ended) this.end()
  }

  attemptEnded(): void {
    if (this.#final) this.end()
  }

  sleep(milliseconds: number, about: About): Promise<void> {
    const attempt = this.attempt(about)
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        attempt.end()
        resolve()
      }
      const ticket = this.clock.start(wake, milliseconds, true)
      attempt.onFailure((reason) => {
        ticket.cancel()
        // The reason is the caller's own value, whatever that is.
        reject(reason)
      })
    })
  }

  #arm(delay: number, now: number): void {
    this.#ticket?.cancel()
    this.#ticketDue = now + delay
    this.#ticket = this.clock.start(this, delay, false, now)
  }

  #tooSlow({ phase, standing }: AttemptDeadline): Error {
    if (phase !== 'connect') return silence(phase, this.limits, standing)
    return connectTimeout(this.limits.connect ?? 0, standing)
  }

  fail(reason: unknown): void {
    if (this.failed || this.#ended) return
    this.failed = true
    this.reason = reason
    const attempt = this.#attempt
    this.end()
    attempt?.notify()
    this.onFailure?.(reason)
  }

  /** Clears every timer and listener, and leaves the list of calls that are under way. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#total?.cancel()
    this.#ticket?.cancel()
    if (this.#signal !== null) unwatchSignal(this.#signal, this)
    this.#attempt?.silence()
    this.unlink()
  }

  #tooLong(total: number): Error {
    return totalTimeout(total, this.#attempt?.standing ?? NOTHING_DONE)
  }
}

const NOTHING_DONE: Standing = { request: undefined, sent: 0, received: 0, elapsed: 0 }

function totalTimeout(limit: number, standing: Standing): Error {
  const { request } = standing
  const tail = request === undefined ? '' : `; the last attempt ended ${soFar(standing)}`
  return new TotalTimeoutError(
    `${nameOf(request)} took longer than ${String(limit)} milliseconds in all (timeout.total)${tail}.`,
    { request },
  )
}

function connectTimeout(limit: number, standing: Standing): Error {
  const { request } = standing
  return new ConnectTimeoutError(
    `${nameOf(request)}: no connection within ${String(limit)} milliseconds (timeout.connect).`,
    { request },
  )
}
