// Uploads: ubiquest beside the runtime's own fetch, axios, got and curl, each in a process of its
// own, in turns, to one server that only reads. `--size` MiB (1024), `--rounds` (3), `--only` a
// regular expression for the names, `--folder` where the file is made, `--receiver` python or node.
// `--memory` measures what ubiquest holds at 64, 512 and 4096 MiB instead.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { binary } from '../scripts/binaries.mjs'

const here = join(dirname(fileURLToPath(import.meta.url)), 'upload')
const child = join(here, 'child.mjs')
const node = [process.execPath, '--disable-warning=ExperimentalWarning', child]
const deno = [binary('deno'), 'run', '--quiet', '-A', child]
const bun = [binary('bun'), '--no-install', child]

/** Name, command, and what it is compared with. */
const CONTENDERS = [
  ['node ubiquest multipart', [...node, 'ubiquest multipart']],
  ['node fetch multipart', [...node, 'fetch multipart']],
  ['node axios multipart', [...node, 'axios multipart']],
  ['node got multipart', [...node, 'got multipart']],
  ['curl -F', ['curl', '-sS', '-o', '/dev/null', '-F']],
  ['deno ubiquest multipart', [...deno, 'ubiquest multipart']],
  ['deno fetch multipart', [...deno, 'fetch multipart']],
  ['bun ubiquest multipart', [...bun, 'ubiquest multipart']],
  ['bun fetch multipart', [...bun, 'fetch multipart']],
  ['node ubiquest chunked', [...node, 'ubiquest chunked']],
  ['node fetch chunked', [...node, 'fetch chunked']],
  ['node axios chunked', [...node, 'axios chunked']],
  ['node got chunked', [...node, 'got chunked']],
  ['deno ubiquest chunked', [...deno, 'ubiquest chunked']],
  ['deno fetch chunked', [...deno, 'fetch chunked']],
  ['bun ubiquest chunked', [...bun, 'ubiquest chunked']],
  ['bun fetch chunked', [...bun, 'fetch chunked']],
  ['node ubiquest stream', [...node, 'ubiquest stream']],
  ['node fetch stream', [...node, 'fetch stream']],
  ['node ubiquest web stream', [...node, 'ubiquest web stream']],
  ['node fetch web stream', [...node, 'fetch web stream']],
]

/** Ours against theirs, and the least that the ratio is to be. */
const GOALS = [
  ['node ubiquest multipart', 'node fetch multipart', 6],
  ['node ubiquest multipart', 'curl -F', 0.8],
  ['node ubiquest chunked', 'node fetch chunked', 2],
]
const MAX_GROWTH = 40

/** What receives. Python costs a tenth of a second per GiB, Node more than those who send. */
const RECEIVERS = {
  python: ['/usr/bin/python3', join(here, 'receiver.py')],
  node: [process.execPath, join(here, 'server.mjs')],
}

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '1024' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      folder: { type: 'string', default: tmpdir() },
      receiver: { type: 'string', default: bestReceiver() },
      memory: { type: 'boolean', default: false },
    },
  })
  const chosen = CONTENDERS.filter(([name]) => new RegExp(values.only).test(name))
  const folder = await mkdtemp(join(values.folder, 'ubiquest-bench-'))
  const server = await startServer(RECEIVERS[values.receiver])
  console.log(`The receiver is ${values.receiver}'s.`)
  const bench = { server, path: join(folder, 'file'), rounds: Number(values.rounds) }
  try {
    await writeFile(`${bench.path}.small`, Buffer.alloc(16 * 1024 * 1024))
    if (values.memory) await measureMemory(bench, chosen)
    else await measureSpeed(bench, chosen, Number(values.size))
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
}

async function measureSpeed(bench, contenders, mebibytes) {
  const bytes = mebibytes * 1024 * 1024
  await makeFile(bench.path, bytes)
  const results = new Map(contenders.map(([name]) => [name, []]))
  for (let round = 0; round < bench.rounds; round++) {
    for (const [name, command] of contenders)
      results.get(name).push(await measure(bench, command, bytes))
  }
  console.table(
    Object.fromEntries([...results].map(([name, runs]) => [name, summary(runs, bytes)])),
  )
  for (const [ours, theirs, least] of GOALS) {
    const [mine, other] = [results.get(ours), results.get(theirs)]
    if (mine === undefined || other === undefined) continue
    const ratio = best(other) / best(mine)
    const mark = ratio >= least ? 'holds' : 'FAILS'
    console.log(`${mark}  ${ours} / ${theirs}: ${ratio.toFixed(2)} (at least ${least})`)
  }
}

async function measureMemory(bench, contenders) {
  const ours = contenders.filter(([name]) => name.includes('ubiquest'))
  const table = Object.fromEntries(ours.map(([name]) => [name, {}]))
  for (const mebibytes of [64, 512, 4096]) {
    const bytes = mebibytes * 1024 * 1024
    // A sparse file: what is measured is the memory of those who send it.
    await writeFile(bench.path, '')
    await truncate(bench.path, bytes)
    for (const [name, command] of ours) {
      const { growth } = await measure(bench, command, bytes)
      table[name][`${mebibytes} MiB`] = `${growth.toFixed(0)}${growth > MAX_GROWTH ? ' FAILS' : ''}`
    }
  }
  console.log(`Growth of the peak of resident memory in MiB (at most ${MAX_GROWTH}):`)
  console.table(table)
}

/** With the CPU time of the receiver: where that comes near the time, it is what was measured. */
async function measure({ server, path }, command, bytes) {
  const before = await server.cpu()
  const result = await upload(command, [server.url, path, String(bytes)])
  return { ...result, server: (await server.cpu()) - before }
}

async function upload(command, [url, path, bytes]) {
  if (command[0] !== 'curl') return JSON.parse(await run([...command, url, path, bytes]))
  const started = performance.now()
  await run([...command, `file=@${path}`, url])
  // Curl's start is part of its time: a few milliseconds.
  return { ms: performance.now() - started, growth: null, cpu: null }
}

/** Real bytes, in the page cache when it is sent. */
async function makeFile(path, bytes) {
  const block = Buffer.alloc(1024 * 1024, 'a line of a file\n')
  const file = await open(path, 'w')
  for (let written = 0; written < bytes; written += block.length) {
    await file.write(block, 0, Math.min(block.length, bytes - written))
  }
  await file.close()
}

function bestReceiver() {
  const works = process.platform === 'linux' && spawnSync(RECEIVERS.python[0], ['-V']).status === 0
  return works ? 'python' : 'node'
}

function startServer([file, ...args]) {
  const server = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    createInterface(server.stdout).once('line', (url) => {
      resolve({ url, cpu: () => cpuOf(server.pid), close: () => server.kill() })
    })
  })
}

/** Milliseconds of CPU that a process has taken; in ticks of ten (Linux). */
async function cpuOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * 10
}

function run([file, ...args]) {
  return new Promise((resolve, reject) => {
    const running = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    running.stdout.on('data', (chunk) => (output += chunk))
    running.once('error', reject)
    running.once('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}`))
    })
  })
}

function summary(runs, bytes) {
  const growths = runs.map(({ growth }) => growth).filter((each) => each !== null)
  const speed = (ms) => Math.round(bytes / 1048576 / (ms / 1000))
  return {
    'MiB/s median': speed(median(runs)),
    'MiB/s best': speed(best(runs)),
    'CPU s, median': runs[0].cpu === null ? '' : (median(runs, 'cpu') / 1000).toFixed(2),
    'receiver, CPU s': (median(runs, 'server') / 1000).toFixed(2),
    'MiB grown, most': growths.length === 0 ? '' : Math.round(Math.max(...growths)),
  }
}

function median(runs, key = 'ms') {
  const values = runs.map((run) => run[key]).sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)]
}

/** The least disturbed one: what the machine does besides only ever slows down. */
function best(runs) {
  return Math.min(...runs.map(({ ms }) => ms))
}
