// What is held: `node bench/run.mjs memory`. 10,000 idle sessions, and 1,000 streams under way.
// `--runtime` node20,… · `--rounds` 5
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodeBinary } from '../scripts/setup.mjs'
import { startServer } from './small/server.mjs'

const child = fileURLToPath(new URL('small/memory-child.mjs', import.meta.url))

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      runtime: { type: 'string', default: 'node20' },
      rounds: { type: 'string', default: '5' },
    },
  })
  console.table(await measureMemory(values.runtime.split(','), Number(values.rounds)))
}

/** What must not be reached, in MB (of a million bytes). */
const LIMITS = { sessions: 50, streams: 100 }

/**
 * By how much processes grew: the median of the rounds, since up to 10 MB depend on when collections
 * and compilers came to run, and the most.
 * @returns {Promise<object[]>}
 */
export async function measureMemory(runtimes, rounds = 5) {
  const server = await startServer()
  try {
    return runtimes.flatMap((runtime) =>
      Object.entries(LIMITS).map(([what, limit]) => {
        const grown = Array.from({ length: rounds }, () => hold(runtime, what, server.url))
        grown.sort((a, b) => a.bytes - b.bytes)
        const { what: held, bytes } = grown[rounds >> 1]
        const most = grown.at(-1).bytes
        return { runtime, what: held, MB: mb(bytes), MiB: mib(bytes), 'most MB': mb(most), limit }
      }),
    )
  } finally {
    await server.close()
  }
}

/** In a process of its own. */
function hold(runtime, what, url) {
  const command = nodeBinary(Number(runtime.slice(4)))
  const args = ['--expose-gc', child, what, url]
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

function mb(bytes) {
  return Math.round(bytes / 1e6)
}

function mib(bytes) {
  return Math.round(bytes / 1048576)
}
