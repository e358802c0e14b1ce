/** What a listener hears of a download: bytes, rate and the time that is left. */
import { progressMeter } from '../progress.ts'

export interface DownloadProgress {
  /** Bytes that are there, those of earlier calls included. */
  readonly transferred: number
  readonly total: number | null
  /** Bytes that an earlier call had left. */
  readonly resumedFrom: number
  /** Bytes per second, over the last seconds. */
  readonly rate: number
  /** Milliseconds; null while the total or the rate is not known. */
  readonly remaining: number | null
}

const WINDOW_MS = 5_000

export type DownloadMeter = (transferred: number, done?: boolean) => void

/** @param now monotonic milliseconds. */
export function downloadMeter(
  listener: (progress: DownloadProgress) => void,
  facts: { readonly total: () => number | null; readonly resumedFrom: () => number },
  now: () => number,
): DownloadMeter {
  const rate = rateOf(now)
  return progressMeter(
    ({ transferred }) => {
      const [total, resumedFrom] = [facts.total(), facts.resumedFrom()]
      const perSecond = rate(transferred)
      const known = total !== null && perSecond > 0
      const remaining = known ? Math.ceil(((total - transferred) / perSecond) * 1000) : null
      listener({ transferred, total, resumedFrom, rate: perSecond, remaining })
    },
    null,
    'wire',
    now,
  )
}

/** Over the samples of the window; a restart, which goes back, begins a new one. */
function rateOf(now: () => number): (transferred: number) => number {
  let samples: { readonly time: number; readonly bytes: number }[] = []
  return (bytes) => {
    const time = now()
    const last = samples.at(-1)
    if (last !== undefined && bytes < last.bytes) samples = []
    samples.push({ time, bytes })
    while (samples.length > 2 && time - (samples[0]?.time ?? time) > WINDOW_MS) samples.shift()
    const first = samples[0]
    if (first === undefined || time <= first.time) return 0
    return Math.round(((bytes - first.bytes) / (time - first.time)) * 1000)
  }
}
