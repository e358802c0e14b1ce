/**
 * The limits of time of one call and its caller's signal (layer 1). The only file with timers.
 * `AbortSignal.any` and `AbortSignal.timeout` are not used: they lose events after a garbage
 * collection on Node 20 and 24, and cost more than the request.
 */
import { ConnectTimeoutError, ReadTimeoutError, TotalTimeoutError } from './errors.ts'
import type { ErrorRequest } from './errors.ts'
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

export class CallDeadline implements Deadline {
  failed = false
  reason: unknown = undefined
  /** What the messages name; the hop that is under way. */
  about: ErrorRequest
  readonly #limits: TimeLimits
  readonly #clock: Clock
  readonly #started: number
  readonly #signal: AbortSignal | null
  #listener: ((reason: unknown) => void) | null = null
  #phase: Phase = 'none'
  #phaseDue = Infinity
  #totalDue = Infinity
  #ticket: Ticket | null = null
  #ticketDue = Infinity
  #ended = false
  #whenEnded: (() => void) | null = null

  constructor(limits: TimeLimits, signal: AbortSignal | null, clock: Clock, about: ErrorRequest) {
    this.about = about
    this.#limits = limits
    this.#clock = clock
    this.#signal = signal
    this.#started = clock.now()
    if (limits.total !== null) this.#totalDue = this.#started + limits.total
    if (signal !== null) {
      if (signal.aborted) this.fail(signal.reason)
      else signal.addEventListener('abort', this, { once: true })
    }
    this.#arm()
  }

  /** The listener of the caller's signal is this object itself: one closure less per request. */
  handleEvent(): void {
    this.fail(this.#signal?.reason)
  }

  onFailure(listener: ((reason: unknown) => void) | null): void {
    this.#listener = listener
    if (this.failed && listener !== null) this.#notify()
  }

  /** Called once, when the call is over in one way or another. */
  onEnd(listener: () => void): void {
    this.#whenEnded = listener
  }

  connecting(visible: boolean): void {
    const { connect, read } = this.#limits
    if (visible) this.#enter('connect', connect)
    else this.#enter('answer', connect === null || read === null ? null : connect + read)
  }

  waiting(bodyBytes = 0): void {
    const unseen = bodyBytes > LARGE_BODY && !this.#limits.readIsExplicit
    this.#enter('read', unseen ? null : this.#limits.read)
  }

  idle(): void {
    this.#enter('none', null)
  }

  /** Milliseconds since the call began. */
  elapsed(): number {
    return this.#clock.now() - this.#started
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const ticket = this.#clock.start(
        () => {
          this.onFailure(null)
          resolve()
        },
        milliseconds,
        true,
      )
      this.onFailure((reason) => {
        ticket.cancel()
        // The reason is the caller's own value, whatever that is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(reason)
      })
    })
  }

  fail(reason: unknown): void {
    if (this.failed || this.#ended) return
    this.failed = true
    this.reason = reason
    this.#notify()
    this.end()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#ticket?.cancel()
    this.#ticket = null
    this.#signal?.removeEventListener('abort', this)
    this.#whenEnded?.()
    this.#whenEnded = null
  }

  #notify(): void {
    const listener = this.#listener
    this.#listener = null
    listener?.(this.reason)
  }

  #enter(phase: Phase, limit: number | null): void {
    if (this.#ended) return
    this.#phase = phase
    this.#phaseDue = limit === null ? Infinity : this.#clock.now() + limit
    this.#arm()
  }

  /** Re-arms only when the new end comes before the armed one: a chunk merely stores a time. */
  #arm(): void {
    const due = Math.min(this.#phaseDue, this.#totalDue)
    if (this.#ended || due >= this.#ticketDue) return
    this.#ticket?.cancel()
    this.#ticketDue = due
    this.#ticket = this.#clock.start(() => this.#ring(), due - this.#clock.now())
  }

  #ring(): void {
    this.#ticket = null
    this.#ticketDue = Infinity
    const now = this.#clock.now()
    if (now >= this.#totalDue) this.fail(this.#timeout('total'))
    else if (now >= this.#phaseDue) this.fail(this.#timeout(this.#phase))
    else this.#arm()
  }

  #timeout(phase: Phase | 'total'): Error {
    const { connect, read, total } = this.#limits
    const request = this.about
    const what = `${request.method} ${request.url}`
    if (phase === 'total') {
      return new TotalTimeoutError(
        `${what} took longer than ${String(total)} milliseconds in all (timeout.total).`,
        { request },
      )
    }
    if (phase === 'connect') {
      return new ConnectTimeoutError(
        `${what}: no connection within ${String(connect)} milliseconds (timeout.connect).`,
        { request },
      )
    }
    const limit = phase === 'answer' ? (connect ?? 0) + (read ?? 0) : (read ?? 0)
    const name = phase === 'answer' ? 'timeout.connect + timeout.read' : 'timeout.read'
    return new ReadTimeoutError(
      `${what}: nothing was sent or received for ${String(limit)} milliseconds (${name}).`,
      { request },
    )
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
    if (typeof timer.unref === 'function') timer.unref()
  }
}

function now(): number {
  return typeof performance === 'undefined' ? Date.now() : performance.now()
}
