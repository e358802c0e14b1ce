/**
 * Timers (leaf of the deadline), and nothing else: the only file that makes any. `AbortSignal.timeout`
 * is not used: it loses events after a garbage collection on Node 20 and 24, and costs more than the
 * request.
 */
import type { Clock, Ticket } from './ports.ts'

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
