/** A clock for runtimes whose timers cost (leaf of the deadline). */
import { now, ring, startExact, startTicking } from './deadline-clock.ts'
import { Linked, LinkedList } from './linked.ts'
import type { Clock, Task, Ticket } from './ports.ts'

/** Longer limits share one timer that ticks this often (milliseconds). */
const TICK = 250
const SHORT = 2000

/**
 * One timer for all long limits, ticking every quarter of a second and only while there are any;
 * short limits get a timer of their own. A limit of 10 s rings at most 250 ms late.
 */
export function coarseClock(): Clock {
  return new CoarseClock()
}

class CoarseClock implements Clock {
  readonly #waiting = new LinkedList<CoarseTicket>()
  #timer: Ticket | null = null

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
    this.#timer = startTicking(() => this.#tick(), TICK)
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
    this.#timer?.cancel()
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
