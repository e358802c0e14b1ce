/** Layer 1: how often a listener hears of progress. */
import type { Progress, ProgressListener } from './types.ts'

/** At most 20 events per second, plus the first and the last. */
const INTERVAL_MS = 50

/**
 * A meter for one attempt. The first event is always told, and the last: the one that is `done` or
 * has reached the total; nothing is told after it.
 * @param now monotonic milliseconds.
 */
export function progressMeter(
  listener: ProgressListener,
  total: number | null,
  basis: Progress['basis'],
  now: () => number,
): (transferred: number, done?: boolean) => void {
  let next = -Infinity
  let told = -1
  let ended = false
  return (transferred, done = false) => {
    if (ended) return
    ended = done || transferred === total
    const time = now()
    // The end is told once, even if the same number has just been told without it.
    if (ended ? transferred === told : time < next) return
    next = time + INTERVAL_MS
    told = transferred
    listener({ transferred, total, basis })
  }
}
