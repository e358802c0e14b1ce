// Cold start: `node bench/run.mjs start`. What importing costs over an empty script, and when the
// first GET of a fresh process is answered; for workerd, what a worker that imports costs over an
// empty one. `--runtime` node20,…,deno,bun,workerd · `--rounds` 15
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { binary } from '../scripts/binaries.mjs'
import { nodeBinary } from '../scripts/setup.mjs'
import { entryOf } from './small/clients.mjs'
import { startServer } from './small/server.mjs'
import { median } from './small/summary.mjs'
import { workerTurns } from './start-workerd.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const RUNTIMES = {
  ...Object.fromEntries(
    [20, 22, 24, 26].map((major) => [`node${major}`, () => [nodeBinary(major)]]),
  ),
  deno: () => [binary('deno'), 'run', '--quiet', '-A', '--node-modules-dir=manual'],
  bun: () => [binary('bun'), '--no-install'],
}

/**
 * Each ends by itself, when it has done what it is for, and tells how long that took from the start
 * of the process on, and its CPU time, which says more on a machine with other things to do. Not
 * timed from outside: at its end V8 waits for what it compiles in the background, some 40 ms of it
 * after WebAssembly was used.
 */
function scripts(adapter, url) {
  const entry = JSON.stringify(entryOf(adapter))
  const head = "import process from 'node:process'\n"
  const end = `
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ ms: performance.now(), cpu: (user + system) / 1000 }))
process.exit()`
  const check = '\nif ((await response.json()).id !== 42) throw new Error()'
  return {
    empty: `${head}${end}`,
    'import ubiquest': `${head}import ${entry}${end}`,
    'fetch, first GET': `${head}const response = await fetch('${url}')${check}${end}`,
    'ubiquest, first GET': `${head}import { get } from ${entry}\nconst response = await get('${url}')${check}${end}`,
  }
}

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      runtime: { type: 'string', default: 'node20' },
      rounds: { type: 'string', default: '15' },
    },
  })
  console.table(await measureStart(values.runtime.split(','), Number(values.rounds)))
}

/** @returns {Promise<object[]>} milliseconds over an empty script, one row per runtime and script */
export async function measureStart(runtimes, rounds) {
  const server = await startServer()
  // Inside the project, where its packages are found.
  const folder = await mkdtemp(join(root, '.cache/start-'))
  const rows = []
  try {
    for (const runtime of runtimes) {
      const times =
        runtime === 'workerd'
          ? await workerTurns(rounds)
          : await processTurns(runtime, `${server.url}/json`, { folder, rounds })
      for (const [name, taken] of times) {
        const empty = times.get('empty')
        const over = (key) => round(median(taken.map((each, at) => each[key] - empty[at][key])))
        const least = round(Math.min(...taken.map(({ ms }) => ms)))
        rows.push({
          runtime,
          script: name,
          least,
          overEmpty: over('ms'),
          cpuOverEmpty: over('cpu'),
        })
      }
    }
  } finally {
    await rm(folder, { recursive: true })
    await server.close()
  }
  return rows
}

async function processTurns(runtime, url, { folder, rounds }) {
  const paths = await writeScripts(folder, scripts(runtime.replace(/\d+/, ''), url))
  return turns(RUNTIMES[runtime](), paths, rounds)
}

function turns([command, ...args], paths, rounds) {
  // A bundle of certificates is read at the start, whoever asks.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

  const times = new Map([...paths.keys()].map((name) => [name, []]))
  // The first round warms the disk's cache.
  for (let turn = -1; turn < rounds; turn++) {
    for (const [name, path] of paths) {
      const started = spawnSync(command, [...args, path], { encoding: 'utf8', env })
      if (started.status !== 0) throw new Error(`${name}: ${started.stderr}`)
      if (turn >= 0) times.get(name).push(JSON.parse(started.stdout))
    }
  }
  return times
}

async function writeScripts(folder, files) {
  const paths = new Map()
  for (const [at, [name, code]] of Object.entries(files).entries()) {
    const path = join(folder, `${at}.mjs`)
    await writeFile(path, code)
    paths.set(name, path)
  }
  return paths
}

function round(value) {
  return Math.round(value * 10) / 10
}
