/** The limits of time of one attempt (leaf of the deadline), as its transport sees them. */
import { shown } from './deadline-errors.ts'
import type { About, Standing } from './deadline-errors.ts'
import type { Phase, TimeLimits } from './deadline-limits.ts'
import type { Clock, Deadline, FailureListener } from './ports.ts'

/** The call that an attempt belongs to. */
export interface AttemptOwner {
  readonly limits: TimeLimits
  readonly clock: Clock
  readonly failed: boolean
  readonly reason: unknown
  /** Looks at the attempt again in `look` milliseconds, unless it does so before `due` anyway. */
  watch(due: number, look: number, now: number): void
  attemptEnded(): void
}

/** Above this size, a body handed over whole may take longer to send than the limit of silence. */
const LARGE_BODY = 256 * 1024

/** What a transport sees: the limits of one attempt. A stale one, of an attempt before, is mute. */
export class AttemptDeadline implements Deadline {
  readonly about: About
  sent = 0
  received = 0
  ended = false
  phase: Phase = 'none'
  /** When the limit of this phase is reached. */
  due: number = Infinity
  readonly #call: AttemptOwner
  readonly #started: number
  #endedAt: number | null = null
  #listener: FailureListener | null = null

  constructor(call: AttemptOwner, about: About) {
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

  get isExact(): boolean {
    const { readIsExplicit, total } = this.#call.limits
    return readIsExplicit || total !== null
  }
  get failed(): boolean {
    return this.#call.failed
  }
  get reason(): unknown {
    return this.#call.reason
  }

  onFailure(listener: FailureListener | null): void {
    this.#listener = listener
    if (this.failed) this.notify()
  }

  connecting(visible: boolean): void {
    const { connect, read } = this.#call.limits
    if (visible) this.#enter('connect', connect)
    // One timer also for the limit of silence that comes next.
    else this.#enter('answer', connect === null || read === null ? null : connect + read, read)
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
    this.due = Infinity
  }

  notify(): void {
    const listener = this.#listener
    this.#listener = null
    if (typeof listener === 'function') listener(this.reason)
    else listener?.fail(this.reason)
  }

  #enter(phase: Phase, limit: number | null, look: number | null = limit): void {
    if (this.ended || this.failed) return
    this.phase = phase
    const now = limit === null ? Infinity : this.#call.clock.now()
    this.due = now + (limit ?? 0)
    if (limit !== null) this.#call.watch(this.due, look ?? 0, now)
  }
}
