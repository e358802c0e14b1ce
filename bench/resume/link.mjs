// A link with latency: what goes through arrives late, and each connection gets one window per round
// trip, as TCP does. tc netem does the same for those who may use it.
import { connect, createServer } from 'node:net'

const TICK_MS = 5

export async function startLink(port, { roundTripMs, windowBytes }) {
  const perTick = (windowBytes * TICK_MS) / roundTripMs
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const upstream = connect(port, '127.0.0.1')
    const end = () => {
      clearInterval(timer)
      client.destroy()
      upstream.destroy()
    }
    const timer = setInterval(() => pass(upstream, client, perTick), TICK_MS)
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    upstream.pause()
    // The handshake takes one round trip, each request another one.
    setTimeout(() => client.resume(), roundTripMs)
    client.on('data', (data) => setTimeout(() => upstream.write(data), roundTripMs))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: server.address().port, close: () => server.close() }
}

/** Takes no more than this from the one side to the other. */
function pass(from, to, bytes) {
  if (from.readableLength === 0) from.read(0)
  const chunk = from.read(Math.min(bytes, from.readableLength) || undefined)
  if (chunk !== null) to.write(chunk)
}
