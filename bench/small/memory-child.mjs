// Holds many of one thing, in a process of its own, and says by how much that has grown.
import process from 'node:process'
import { entryOf } from './clients.mjs'

const [what, base] = process.argv.slice(2)
const { Session } = await import(entryOf('node'))

const HOLD = {
  async sessions() {
    const sessions = []
    for (let n = 0; n < 10_000; n++) {
      const session = new Session({ headers: { 'X-Number': n } })
      session.cookies.set('sid', `value-${n}`)
      sessions.push(session)
    }
    return sessions
  },

  async streams() {
    const session = new Session({ pool: { maxConnections: 2000 } })
    const open = async () => {
      const response = await session.get(`${base}/hold`, { stream: true })
      const chunks = response.iterContent()
      // All that has been sent: from there on each of them waits for more.
      for (let read = 0; read < 16_384;) read += (await chunks.next()).value.length
      return chunks
    }
    return Promise.all(Array.from({ length: 1000 }, open))
  },
}

async function settledMemory() {
  // A turn of the event loop in between, so that what a collection frees is gone.
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().rss
}

// One of them, and its code, is no part of what many cost.
const warm = new Session()
await (await warm.get(`${base}/json`)).json()
await warm.close()
const before = await settledMemory()
const held = await HOLD[what]()
const grown = (await settledMemory()) - before
console.log(JSON.stringify({ what: `${held.length} ${what}`, bytes: grown }))
process.exit()
