// Calls something again and again for a time, so many in flight.

/** @returns {Promise<{requests: number, ms: number, rate: number}>} */
export async function measure(call, inFlight, ms) {
  const started = performance.now()
  const end = started + ms
  let requests = 0
  const loop = async () => {
    while (performance.now() < end) {
      const { id } = await call()
      if (id !== 42) throw new Error('That is not the answer.')
      requests += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  const taken = performance.now() - started
  return { requests, ms: taken, rate: requests / (taken / 1000) }
}
