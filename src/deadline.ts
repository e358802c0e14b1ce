/**
 * The limits of time of one call and its caller's signal (layer 1). The only file with timers.
 * `AbortSignal.any` and `AbortSignal.timeout` are not used: they lose events after a garbage
 * collection on Node 20 and 24, and cost more than the request.
 */
import { connectTimeout, readTimeout, shown, totalTimeout } from './deadline-errors.ts'
import type { About, Standing } from './deadline-errors.ts'
import { unwatchSignal, watchSignal } from './deadline-signal.ts'
import type { SignalWatcher } from './deadline-signal.ts'
import type { Clock, Deadline, Ticket } from './ports.ts'

/** Milliseconds; null is no limit. */
export interface TimeLimits {
  readonly connect: number | null
  readonly read: number | null
  readonly total: number | null
  /** The caller set `read`, so that it holds for large uploads too. */
  readonly readIsExplicit: boolean
}

type Phase = 'none' | 'connect' | 'answer' | 'read'

/** Above this size, a body handed over whole may take longer to send than the limit of silence. */
const LARGE_BODY = 256 * 1024
/** Longer limits share one timer that ticks this often (milliseconds); see `coarseClock`. */
const TICK = 250
const SHORT = 2000

/** The whole call: its total limit, its caller's signal, and the attempt that is under way. */
export class CallDeadline implements SignalWatcher {
  failed = false
  reason: unknown = undefined
  readonly limits: TimeLimits
  readonly clock: Clock
  readonly #signal: AbortSignal | null
  #attempt: AttemptDeadline | null = null
  #ticket: Ticket | null = null
  #ended = false
  #final = false
  #whenEnded: ((call: CallDeadline) => void) | null = null

  constructor(limits: TimeLimits, signal: AbortSignal | null, clock: Clock) {
    this.limits = limits
    this.clock = clock
    this.#signal = signal
    if (signal?.aborted === true) this.fail(signal.reason)
    else if (signal !== null) watchSignal(signal, this)
    const total = limits.total
    if (total !== null && !this.#ended) {
      this.#ticket = clock.start(() => this.fail(this.#tooLong(total)), total)
    }
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

  /** Called once, when the call is over in one way or another. */
  onEnd(listener: (call: CallDeadline) => void): void {
    if (this.#ended) listener(this)
    else this.#whenEnded = listener
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

  fail(reason: unknown): void {
    if (this.failed || this.#ended) return
    this.failed = true
    this.reason = reason
    const attempt = this.#attempt
    this.end()
    attempt?.notify()
  }

  /** Clears every timer and listener. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#ticket?.cancel()
    if (this.#signal !== null) unwatchSignal(this.#signal, this)
    this.#attempt?.silence()
    this.#whenEnded?.(this)
    this.#whenEnded = null
  }

  #tooLong(total: number): Error {
    return totalTimeout(total, this.#attempt?.standing ?? NOTHING_DONE)
  }
}

const NOTHING_DONE: Standing = { request: undefined, sent: 0, received: 0, elapsed: 0 }

/** What a transport sees: the limits of one attempt. A stale one, of an attempt before, is mute. */
export class AttemptDeadline implements Deadline {
  readonly about: About
  sent = 0
  received = 0
  ended = false
  readonly #call: CallDeadline
  readonly #started: number
  #endedAt: number | null = null
  #listener: ((reason: unknown) => void) | null = null
  #phase: Phase = 'none'
  #due = Infinity
  #ticket: Ticket | null = null
  #ticketDue = Infinity

  constructor(call: CallDeadline, about: About) {
    this.#call = call
    this.about = about
    this.#started = call.clock.now()
  }

  get elapsed(): number {
    return (this.#endedAt ?? this.#call.clock.now()) - this.#started
  }
  get standing(): Standing {
    const { about, sent, received, elapsed } = this
    return { request: shown(about), sent, received, elapsed }
  }

  get failed(): boolean {
    return this.#call.failed
  }
  get reason(): unknown {
    return this.#call.reason
  }

  onFailure(listener: ((reason: unknown) => void) | null): void {
    this.#listener = listener
    if (this.failed) this.notify()
  }

  connecting(visible: boolean): void {
    const { connect, read } = this.#call.limits
    if (visible) this.#enter('connect', connect)
    else this.#enter('answer', connect === null || read === null ? null : connect + read)
  }

  waiting(bodyBytes = 0): void {
    const { read, readIsExplicit } = this.#call.limits
    this.#enter('read', bodyBytes > LARGE_BODY && !readIsExplicit ? null : read)
  }

  idle(): void {
    this.#enter('none', null)
  }

  end(): void {
    if (this.ended) return
    this.silence()
    this.#listener = null
    this.#call.attemptEnded()
  }

  /** Stops the clock of this attempt; the listener stays for a failure that is being told. */
  silence(): void {
    this.#endedAt ??= this.#call.clock.now()
    this.ended = true
    this.#ticket?.cancel()
    this.#ticket = null
  }

  notify(): void {
    const listener = this.#listener
    this.#listener = null
    listener?.(this.reason)
  }

  /** Re-arms only when the new end comes before the armed one: a chunk merely stores a time. */
  #enter(phase: Phase, limit: number | null): void {
    if (this.ended || this.failed) return
    this.#phase = phase
    this.#due = limit === null ? Infinity : this.#call.clock.now() + limit
    if (limit !== null && this.#due < this.#ticketDue) this.#arm(limit)
  }

  #arm(delay: number): void {
    this.#ticket?.cancel()
    this.#ticketDue = this.#due
    this.#ticket = this.#call.clock.start(this.#ring, delay)
  }

  readonly #ring = (): void => {
    this.#ticket = null
    this.#ticketDue = Infinity
    if (this.#due === Infinity) return
    const left = this.#due - this.#call.clock.now()
    if (left > 0) this.#arm(left)
    else this.#call.fail(this.#tooSlow())
  }

  #tooSlow(): Error {
    const { connect, read } = this.#call.limits
    if (this.#phase === 'connect') return connectTimeout(connect ?? 0, this.standing)
    if (this.#phase === 'read') return readTimeout(read ?? 0, 'timeout.read', this.standing)
    const both = (connect ?? 0) + (read ?? 0)
    return readTimeout(both, 'timeout.connect + timeout.read', this.standing)
  }
}

/** One timer per ticket: for runtimes whose timers belong to a request (workerd) or cost little. */
export function exactClock(): Clock {
  return { now, start: startExact }
}

/**
 * One timer for all long limits, ticking every quarter of a second and only while there are any;
 * short limits get a timer of their own. A limit of 10 s rings at most 250 ms late.
 */
export function coarseClock(): Clock {
  const waiting = new Set<CoarseTicket>()
  let timer: unknown = null
  const tick = (): void => {
    const time = now()
    for (const ticket of waiting) {
      if (ticket.due <= time) {
        waiting.delete(ticket)
        ticket.task()
      }
    }
    if (waiting.size === 0) {
      clearInterval(timer as never)
      timer = null
    }
  }
  return {
    now,
    start(task, delay, hold): Ticket {
      if (delay < SHORT || hold === true) return startExact(task, delay, hold)
      const ticket: CoarseTicket = {
        task,
        due: now() + delay,
        cancel: () => waiting.delete(ticket),
      }
      waiting.add(ticket)
      if (timer === null) {
        timer = setInterval(tick, TICK)
        unref(timer)
      }
      return ticket
    },
  }
}

interface CoarseTicket extends Ticket {
  readonly task: () => void
  readonly due: number
}

function startExact(task: () => void, delay: number, hold = false): Ticket {
  const timer = setTimeout(task, Math.max(0, Math.ceil(delay)))
  if (!hold) unref(timer)
  return { cancel: () => clearTimeout(timer) }
}

/** A limit alone must not keep a process alive: its socket does. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    // Of Node's, Deno's and Bun's timers, and of no other.
    if (typeof timer.unref === 'function') (timer.unref as () => void).call(timer)
  }
}

function now(): number {
  return typeof performance === 'undefined' ? Date.now() : performance.now()
}
