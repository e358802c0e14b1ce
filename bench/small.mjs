// Small requests, every client in a process of its own, in turns: `node bench/run.mjs small`.
// `--runtime` node20,node22,node24,node26,deno,bun,workerd · `--scenario` and `--only` regular
// expressions · `--in-flight` 1,50 · `--rounds` 5 · `--ms` 400 per measurement · `--json` a file
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { binary } from '../scripts/binaries.mjs'
import { nodeBinary } from '../scripts/setup.mjs'
import { CLIENTS } from './small/clients.mjs'
import { SCENARIOS } from './small/scenarios.mjs'
import { startServer } from './small/server.mjs'
import { summarize } from './small/summary.mjs'
import { startWorkerd, WORKERD_CLIENTS } from './small/workerd.mjs'

const child = fileURLToPath(new URL('small/child.mjs', import.meta.url))
const FETCHES = ['fetch', 'fetch bare', 'fetch same']
const ON_NODE = Object.keys(CLIENTS).filter((name) => !['fetch bare', 'fetch same'].includes(name))

/** How a client is started, and which there are. */
const RUNTIMES = {
  ...Object.fromEntries(
    [20, 22, 24, 26].map((major) => [
      `node${major}`,
      { clients: ON_NODE, command: () => [nodeBinary(major), child], adapter: 'node' },
    ]),
  ),
  deno: {
    clients: ['ubiquest', ...FETCHES, 'undici dispatch', 'axios', 'ky', 'ofetch', 'wretch'],
    command: () => [binary('deno'), 'run', '--quiet', '-A', '--node-modules-dir=manual', child],
    adapter: 'deno',
  },
  bun: {
    clients: ['ubiquest', ...FETCHES, 'axios', 'ky', 'ofetch', 'wretch'],
    command: () => [binary('bun'), '--no-install', child],
    adapter: 'bun',
  },
  workerd: { clients: WORKERD_CLIENTS },
}

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      runtime: { type: 'string', default: 'node20' },
      scenario: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      'in-flight': { type: 'string', default: '1,50' },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '400' },
      json: { type: 'string' },
    },
  })
  const rows = await measureSmall({
    runtimes: values.runtime.split(','),
    scenarios: new RegExp(`^(?:${values.scenario || '.*'})$`),
    only: new RegExp(`^(?:${values.only || '.*'})$`),
    inFlight: values['in-flight'].split(',').map(Number),
    rounds: Number(values.rounds),
    ms: Number(values.ms),
  })
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 1))
  console.table(rows.map(({ rates, ...row }) => row))
}

/** @returns {Promise<object[]>} one row per runtime, scenario, number in flight and client */
export async function measureSmall({ runtimes, scenarios, only, inFlight, rounds, ms }) {
  const server = await startServer()
  const rows = []
  try {
    for (const runtime of runtimes) {
      const names = RUNTIMES[runtime].clients.filter((name) => only.test(name))
      const clients = await startClients(runtime, names, server.url)
      try {
        for (const { name } of SCENARIOS.filter((each) => scenarios.test(each.name))) {
          for (const count of inFlight) {
            const job = { scenario: name, inFlight: count, ms }
            const warmUp = rows.at(-1)?.runtime === runtime ? Math.max(400, ms) : 1500
            const found = await turns(clients, job, { rounds, warmUp })
            rows.push(...found.map((row) => ({ runtime, ...row })))
          }
        }
      } finally {
        for (const client of clients) client.stop()
      }
    }
  } finally {
    await server.close()
  }
  return rows
}

/** Every client in each round, so that what slows the machine down meets all of them. */
async function turns(clients, job, { rounds, warmUp }) {
  const found = new Map(clients.map(({ name }) => [name, []]))
  // The first round warms up: what is compiled while it runs needs some thousands of calls.
  for (let round = -1; round < rounds; round++) {
    for (const client of clients.filter(({ name }) => found.has(name))) {
      const figures = await client.run(round < 0 ? { ...job, ms: warmUp } : job)
      if (figures?.error !== undefined) console.error(`${client.name}: ${figures.error}`)
      if (figures === null || figures.error !== undefined) found.delete(client.name)
      else if (round >= 0) found.get(client.name)?.push(figures)
    }
  }
  return summarize(found, job)
}

async function startClients(runtime, names, url) {
  if (runtime === 'workerd') return startWorkerd(names, url)
  const { command, adapter } = RUNTIMES[runtime]
  return names.map((name) => startClient(name, [...command(), name, url, adapter]))
}

function startClient(name, [file, ...args]) {
  const running = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]()
  return {
    name,
    stop: () => running.stdin.end(),
    async run(job) {
      running.stdin.write(`${JSON.stringify(job)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${name} ended before its time.`)
      return JSON.parse(value)
    },
  }
}
