/**
 * Timers (leaf of the deadline), and nothing else: the only file that makes any. `AbortSignal.timeout`
 * is not used: it loses events after a garbage collection on Node 20 and 24, and costs more than the
 * request.
 */
import type { Clock, Task, Ticket } from './ports.ts'

/** One timer per ticket: for runtimes whose timers belong to a request (workerd) or cost little. */
export function exactClock(): Clock {
  return { now, start: startExact }
}

export function ring(task: Task): void {
  if (typeof task === 'function') task()
  else task.ring()
}

export function startExact(task: Task, delay: number, hold = false): Ticket {
  const timer = setTimeout(ring, Math.max(0, Math.ceil(delay)), task)
  if (!hold) unref(timer)
  return { cancel: () => clearTimeout(timer) }
}

export function startTicking(task: () => void, period: number): Ticket {
  const timer = setInterval(task, period)
  unref(timer)
  return { cancel: () => clearInterval(timer) }
}

/** A limit alone must not keep a process alive: its socket does. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    // Of Node's, Deno's and Bun's timers, and of no other.
    if (typeof timer.unref === 'function') (timer.unref as () => void).call(timer)
  }
}

export function now(): number {
  return typeof performance === 'undefined' ? Date.now() : performance.now()
}
