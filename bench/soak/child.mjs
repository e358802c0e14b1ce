// One session for many requests of every kind, in a process of its own: Node, Deno and Bun alike.
// Arguments: the entry of the library, the URL of the server, how many requests.
import { getEventListeners } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import process from 'node:process'

const [entry, base, total] = process.argv.slice(2)
const requests = await import(entry)
const session = new requests.Session({ retries: 1 })
const shared = new AbortController()
const IN_FLIGHT = 20
const SAMPLES = 10
const KINDS = [get, get, get, get, post, redirect, stream, giveUp, abort, timeOut, cut]
const outcomes = {}
let started = 0
// A runtime may hold sockets of its own.
const atFirst = countSockets()

for (let sample = 1; sample <= SAMPLES; sample++) {
  const until = Math.floor((Number(total) * sample) / SAMPLES)
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => work(until)))
  console.log(JSON.stringify(await look()))
}
const before = getEventListeners(shared.signal, 'abort').length
await session.close()
console.log(
  JSON.stringify({ end: true, outcomes, stats: session.stats(), before, after: await look() }),
)

async function work(until) {
  while (started < until) {
    const kind = KINDS[started++ % KINDS.length]
    const outcome = await kind().then(
      () => 'done',
      (error) => error.name,
    )
    const name = `${kind.name} ${outcome}`
    outcomes[name] = (outcomes[name] ?? 0) + 1
  }
}

async function get() {
  await session.get(`${base}/small`, { signal: shared.signal })
}
async function post() {
  await session.post(`${base}/small`, { json: { a: started }, signal: shared.signal })
}
async function redirect() {
  await session.get(`${base}/redirect`, { signal: shared.signal })
}
async function stream() {
  const response = await session.get(`${base}/large`, { stream: true, signal: shared.signal })
  await response.bytes()
}
async function giveUp() {
  const response = await session.get(`${base}/large`, { stream: true, signal: shared.signal })
  await response.close()
}
async function abort() {
  const controller = new AbortController()
  const call = session.get(`${base}/slow`, { signal: controller.signal })
  queueMicrotask(() => controller.abort(new Error('enough')))
  await call
}
async function timeOut() {
  await session.get(`${base}/slow`, { timeout: { total: 5 }, signal: shared.signal })
}
async function cut() {
  await session.get(`${base}/cut`, { signal: shared.signal })
}

/** After garbage collection: what is held now. */
async function look() {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30))
    if (globalThis.Bun) globalThis.Bun.gc(true)
    else globalThis.gc?.()
  }
  const { rss, heapUsed } = process.memoryUsage()
  return {
    requests: started,
    rss,
    heap: heapUsed,
    sockets: countSockets() - atFirst,
    listeners: getEventListeners(shared.signal, 'abort').length,
    timers: process.getActiveResourcesInfo?.().filter((name) => name === 'Timeout').length ?? null,
  }
}

function countSockets() {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}
