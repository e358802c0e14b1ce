// Downloads to disk: ubiquest beside the runtime's own fetch, curl and Python requests, each in a
// process of its own, in turns, all from one raw server. `--size` MiB (1024), `--rounds` (5),
// `--only` a regular expression for the names, `--folder` where the files go.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startRawServer } from './download/server.mjs'
import { binary } from '../scripts/binaries.mjs'

const here = join(dirname(fileURLToPath(import.meta.url)), 'download')
const child = join(here, 'child.mjs')
const node = [process.execPath, child]
const deno = [binary('deno'), 'run', '--quiet', '-A', child]
const bun = [binary('bun'), '--no-install', child]
const python = ['/usr/bin/python3', join(here, 'child.py')]

/** Name, command; the URL and the path of the file follow. */
const CONTENDERS = [
  ['node ubiquest', [...node, 'ubiquest']],
  ['node fetch', [...node, 'fetch']],
  ['node ubiquest, unsaved', [...node, 'ubiquest-read']],
  ['deno ubiquest', [...deno, 'ubiquest']],
  ['deno ubiquest, unsaved', [...deno, 'ubiquest-read']],
  ['deno fetch', [...deno, 'fetch']],
  ['bun ubiquest', [...bun, 'ubiquest']],
  ['bun fetch', [...bun, 'fetch']],
  ['curl', ['curl', '-sS', '-o']],
  ['python requests', python],
  ['node ubiquest gzip', [...node, 'ubiquest-gzip']],
  ['node zlib gzip', [...node, 'zlib-gzip']],
]

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '1024' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      folder: { type: 'string', default: tmpdir() },
    },
  })
  const bytes = Number(values.size) * 1024 * 1024
  const contenders = CONTENDERS.filter(([name]) => new RegExp(values.only).test(name))
  const server = await startRawServer(bytes)
  const folder = await mkdtemp(join(values.folder, 'ubiquest-bench-'))
  const results = new Map(contenders.map(([name]) => [name, []]))
  try {
    for (let round = 0; round < Number(values.rounds); round++) {
      // There and back again: whoever follows a large file pays for its pages.
      const order = round % 2 === 0 ? contenders : contenders.toReversed()
      for (const [name, command] of order) {
        results.get(name).push(await measure(command, server.url, join(folder, 'file')))
      }
    }
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
  console.table(
    Object.fromEntries([...results].map(([name, runs]) => [name, summary(runs, bytes)])),
  )
}

async function measure(command, url, path) {
  const coded = command.at(-1).endsWith('gzip')
  const target = coded ? `${url}/gzip` : url
  const isCurl = command[0] === 'curl'
  const rest = isCurl ? [path, target] : [target, path]
  const started = performance.now()
  const output = await run([...command, ...rest])
  const ms = performance.now() - started
  await rm(path, { force: true })
  // Curl's start is part of its time: a few milliseconds. The others tell their own, without it.
  return isCurl ? { ms, cpu: null, growth: null } : JSON.parse(output)
}

function run([file, ...args]) {
  return new Promise((resolve, reject) => {
    const process = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    process.stdout.on('data', (chunk) => (output += chunk))
    process.once('error', reject)
    process.once('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}`))
    })
  })
}

function summary(runs, bytes) {
  const times = runs.map(({ ms }) => ms).sort((a, b) => a - b)
  const growths = runs.map(({ growth }) => growth).filter((each) => each !== null)
  const speed = (ms) => Math.round(bytes / 1048576 / (ms / 1000))
  const cpus = runs.map(({ cpu }) => cpu).filter((each) => each !== null)
  return {
    'MiB/s median': speed(times[Math.floor(times.length / 2)]),
    'MiB/s best': speed(times[0]),
    // Of the whole process, kernel included: steadier than time on a machine that is shared.
    'CPU ms, least': cpus.length === 0 ? '' : Math.round(Math.min(...cpus)),
    'MiB grown, most': growths.length === 0 ? '' : Math.round(Math.max(...growths)),
  }
}
