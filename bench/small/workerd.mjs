// The clients inside of workerd: one worker per client, told by requests what to measure.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { binary } from '../../scripts/binaries.mjs'

export const WORKERD_CLIENTS = ['ubiquest', 'fetch', 'fetch bare', 'ky', 'ofetch', 'wretch']

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-08-04",
    )),
    (name = "internet", network = (allow = ["private", "local", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`

export async function startWorkerd(names, url) {
  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url))
  const folder = await bundleWorker({ entryPoints: [worker] })
  return Promise.all(names.map((name) => startOne(name, url, folder)))
}

/** @returns {Promise<string>} a folder with the worker and its configuration */
export async function bundleWorker(input) {
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-bench-'))
  await bundle(input, join(folder, 'worker.mjs'))
  await writeFile(join(folder, 'config.capnp'), CONFIG)
  return folder
}

/** Resolves when the worker has been compiled, run and listens. */
export async function startWorker(folder) {
  const args = ['serve', '--control-fd=3', join(folder, 'config.capnp')]
  const running = spawn(binary('workerd'), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  return { running, port: await listening(running) }
}

/** The clock of a worker stands still while it computes: it is timed from outside. */
async function startOne(name, base, folder) {
  const { running, port } = await startWorker(folder)
  const stopped = new Promise((resolve) => running.once('exit', resolve))
  let requests = 200
  return {
    name,
    stop() {
      running.kill()
      void stopped.then(() => rm(folder, { recursive: true, force: true }))
    },
    async run({ scenario, inFlight, ms }) {
      const before = await cpuOf(running.pid)
      const started = performance.now()
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify({ name, base, scenario, inFlight, requests }),
      })
      const text = await response.text()
      if (text !== 'done') return text === 'none' ? null : { error: text }
      const taken = performance.now() - started
      const cpu = ((await cpuOf(running.pid)) - before) / requests
      const rate = requests / (taken / 1000)
      const done = { requests, ms: taken, rate, cpu, rss: await residentOf(running.pid) }
      requests = Math.max(200, Math.round((rate * ms) / 1000))
      return done
    },
  }
}

function listening(running) {
  return new Promise((resolve, reject) => {
    running.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
    createInterface(running.stdio[3]).on('line', (line) => {
      const { event, port } = JSON.parse(line)
      if (event === 'listen') resolve(port)
    })
  })
}

async function bundle(input, outfile) {
  await build({
    ...input,
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*'],
    logLevel: 'error',
    alias: {
      ubiquest: process.env.UBIQUEST_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url)),
    },
  })
}

/** Microseconds; Linux counts a hundred ticks a second. */
async function cpuOf(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function residentOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024
}
