// What is held: `node bench/run.mjs memory`. 10,000 idle sessions, and 1,000 streams under way.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodeBinary } from '../scripts/setup.mjs'
import { startServer } from './small/server.mjs'

const child = fileURLToPath(new URL('small/memory-child.mjs', import.meta.url))

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: { runtime: { type: 'string', default: 'node20' } },
  })
  console.table(await measureMemory(values.runtime.split(',')))
}

/** @returns {Promise<object[]>} MiB that the process grew by */
export async function measureMemory(runtimes) {
  const server = await startServer()
  try {
    return runtimes.flatMap((runtime) =>
      ['sessions', 'streams'].map((what) => {
        const command = nodeBinary(Number(runtime.slice(4)))
        const args = ['--expose-gc', child, what, server.url]
        const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' })
        if (status !== 0) throw new Error(stderr)
        return { runtime, ...JSON.parse(stdout) }
      }),
    )
  } finally {
    await server.close()
  }
}
