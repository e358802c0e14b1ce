// Medians: of the rates, and of the ratios to native fetch within each round.

/** @param {Map<string, {rate: number, cpu: number, rss: number}[]>} found by client */
export function summarize(found, { scenario, inFlight }) {
  const native = found.get('fetch')
  const dispatch = found.get('undici dispatch')
  return [...found].map(([client, runs]) => ({
    scenario,
    inFlight,
    client,
    ratio: ratioTo(native, runs),
    ofDispatch: ratioTo(dispatch, runs),
    rate: Math.round(median(runs.map(({ rate }) => rate))),
    cpu: round(median(runs.map(({ cpu }) => cpu))),
    MiB: Math.round(Math.max(...runs.map(({ rss }) => rss)) / 1048576),
    rates: runs.map(({ rate }) => Math.round(rate)),
  }))
}

function ratioTo(reference, runs) {
  if (reference === undefined) return null
  return round(median(runs.map(({ rate }, at) => rate / reference[at].rate)))
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function round(value) {
  return Math.round(value * 100) / 100
}
