// `npm run bench`: small requests on every runtime, cold start and memory; prints one table and writes
// docs/benchmarks.md with its plot. `--rounds` 5, `--ms` 300 per measurement, `--from` a file of
// results instead of measuring, `--quick` for Node 20 alone.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureMemory } from './memory.mjs'
import { measureSmall } from './small.mjs'
import { plot } from './small/plot.mjs'
import { page } from './small/report.mjs'
import { measureStart } from './start.mjs'

const NODES = ['node20', 'node22', 'node24', 'node26']
const docs = fileURLToPath(new URL('../docs/', import.meta.url))

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '300' },
      quick: { type: 'boolean', default: false },
      from: { type: 'string' },
      save: { type: 'string' },
    },
  })
  const results =
    values.from === undefined
      ? await measure(values.quick, Number(values.rounds), Number(values.ms))
      : JSON.parse(await readFile(values.from, 'utf8'))
  if (values.save !== undefined) await writeFile(values.save, JSON.stringify(results))
  console.table(results.small.map(({ rates, ...row }) => row))
  console.table(results.start)
  console.table(results.memory)
  await writeFile(`${docs}benchmarks.svg`, plot(results.small))
  await writeFile(`${docs}benchmarks.md`, page(results))
}

async function measure(quick, rounds, ms) {
  const nodes = quick ? ['node20'] : NODES
  const others = quick ? [] : ['deno', 'bun', 'workerd']
  const usual = { scenarios: /^get$/, only: /./, inFlight: [1, 50], rounds, ms }
  const rest = { ...usual, scenarios: /^(?!get$)/, inFlight: [50] }
  const small = [
    ...(await measureSmall({ ...usual, runtimes: [...nodes, ...others] })),
    ...(await measureSmall({ ...rest, runtimes: ['node20'] })),
    ...(await measureSmall({ ...rest, only: /^(?:ubiquest|fetch)$/, runtimes: others })),
  ]
  const start = await measureStart([...nodes, ...others], 2 * rounds)
  const memory = await measureMemory(nodes)
  return { small, start, memory, machine: machine(), rounds, ms }
}

function machine() {
  const [{ model }] = cpus()
  return `${cpus().length} × ${model.trim()}, ${process.platform}`
}
