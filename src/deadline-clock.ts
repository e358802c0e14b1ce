/**
 * Timers (leaf of the deadline), and nothing else: the only file that makes any. `AbortSignal.timeout`
 * is not used: it loses events after a garbage collection on Node 20 and 24, and costs more than the
 * request.
 */
import { Linked, LinkedList } from './linked.ts'
import type { Clock, Task, Ticket } from './ports.ts'

/** Longer limits share one timer that ticks this often (milliseconds); see `coarseClock`. */
const TICK = 250
const SHORT = 2000

/** One timer per ticket: for runtimes whose timers belong to a request (workerd) or cost little. */
export function exactClock(): Clock {
  return { now, start: startExact }
}

/**
 * One timer for all long limits, ticking every quarter of a second and only while there are any;
 * short limits get a timer of their own. A limit of 10 s rings at most 250 ms late.
 */
export function coarseClock(): Clock {
  return new CoarseClock()
}

class CoarseClock implements Clock {
  readonly #waiting = new LinkedList<CoarseTicket>()
  #timer: unknown = null

  now(): number {
    return now()
  }

  start(task: Task, delay: number, hold = false, from = now()): Ticket {
    if (delay < SHORT || hold) return startExact(task, delay, hold)
    const ticket = new CoarseTicket(task, from + delay)
    this.#waiting.add(ticket)
    if (this.#timer === null) this.#run()
    return ticket
  }

  #run(): void {
    this.#timer = setInterval(() => this.#tick(), TICK)
    unref(this.#timer)
  }

  #tick(): void {
    const time = now()
    for (const ticket of this.#waiting.members()) {
      // One that rang before may have cancelled it.
      if (ticket.due > time || ticket.isCancelled) continue
      ticket.unlink()
      ring(ticket.task)
    }
    if (!this.#waiting.isEmpty) return
    clearInterval(this.#timer as never)
    this.#timer = null
  }
}

class CoarseTicket extends Linked implements Ticket {
  readonly task: Task
  readonly due: number

  constructor(task: Task, due: number) {
    super()
    this.task = task
    this.due = due
  }

  get isCancelled(): boolean {
    return this.after === this
  }

  cancel(): void {
    this.unlink()
  }
}

function ring(task: Task): void {
  if (typeof task === 'function') task()
  else task.ring()
}

function startExact(task: Task, delay: number, hold = false): Ticket {
  const timer = setTimeout(ring, Math.max(0, Math.ceil(delay)), task)
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
