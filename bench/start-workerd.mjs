// What a worker costs at its start for importing: the CPU time that workerd has taken when it
// listens, as its own clock stands still while a worker computes. Linux tells it in nanoseconds.
import { readdir, readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleWorker, startWorker } from './small/workerd.mjs'

const HANDLER = "export default { fetch: () => new Response('') }"
const ENTRY = "'ubiquest/workerd/index.js'"

/** One file each, as `wrangler deploy` would make it. */
const WORKERS = {
  empty: HANDLER,
  'worker with get': `import { get } from ${ENTRY}
export default { fetch: async ({ url }) => (await get(url)).toResponse() }`,
  'worker with everything': `import * as requests from ${ENTRY}
globalThis.requests = requests
${HANDLER}`,
}

/** @returns {Promise<Map<string, {ms: number, cpu: number}[]>>} by worker */
export async function workerTurns(rounds) {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url))
  const folders = new Map()
  for (const [name, contents] of Object.entries(WORKERS)) {
    const stdin = { contents, resolveDir }
    folders.set(name, await bundleWorker({ stdin, minify: true }))
  }
  const times = new Map([...folders.keys()].map((name) => [name, []]))
  try {
    // The first round warms the disk's cache.
    for (let turn = -1; turn < rounds; turn++) {
      for (const [name, folder] of folders) {
        const taken = await timeStart(folder)
        if (turn >= 0) times.get(name).push(taken)
      }
    }
  } finally {
    for (const folder of folders.values()) await rm(folder, { recursive: true })
  }
  return times
}

async function timeStart(folder) {
  const started = performance.now()
  const { running } = await startWorker(folder)
  const ms = performance.now() - started
  const stopped = new Promise((resolve) => running.once('exit', resolve))
  const cpu = await cpuOf(running.pid)
  running.kill()
  await stopped
  return { ms, cpu }
}

/** Milliseconds, of all threads. */
async function cpuOf(pid) {
  let nanoseconds = 0
  for (const task of await readdir(`/proc/${pid}/task`)) {
    const times = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'latin1')
    nanoseconds += Number(times.split(' ')[0])
  }
  return nanoseconds / 1e6
}
