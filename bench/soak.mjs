/**
 * `node bench/run.mjs soak [--requests 100000] [--runtime node,deno,bun]`: one session, many requests
 * of every kind, with aborts, limits of time and broken bodies among them, all on one signal. Fails
 * when sockets, listeners, timers or memory grow from the first third of the run to the last.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { binary } from '../scripts/binaries.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const CHILD = join(root, 'bench/soak/child.mjs')
const MIB = 1024 * 1024
const COMMANDS = {
  node: [process.execPath, '--expose-gc'],
  deno: [
    binary('deno'),
    ...['run', '--no-check', '--allow-all', '--node-modules-dir=manual', '--v8-flags=--expose-gc'],
  ],
  bun: [binary('bun')],
}
/** Memory that a collector may keep for itself. */
const SLACK = 8 * MIB
const SOCKET_SLACK = 4

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '100000' },
      runtime: { type: 'string', default: 'node,deno,bun' },
    },
  })
  const server = await startServer()
  const base = `http://127.0.0.1:${server.address().port}`
  for (const runtime of values.runtime.split(',')) {
    const faults = judge(await soak(runtime, base, values.requests))
    for (const fault of faults) console.log(`${runtime}: ${fault}`)
    if (faults.length > 0) process.exitCode = 1
  }
  server.closeAllConnections()
  server.close()
}

async function soak(runtime, base, total) {
  const [command, ...args] = COMMANDS[runtime]
  const entry = `file://${join(root, 'dist', runtime, 'index.js')}`
  const started = performance.now()
  const child = spawn(command, [...args, CHILD, entry, base, total], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const samples = []
  let end = null
  console.log(`${runtime}\n  requests   rss MiB  heap MiB  sockets  listeners  timers`)
  for await (const line of createInterface({ input: child.stdout })) {
    const sample = JSON.parse(line)
    if (sample.end === true) end = sample
    else {
      samples.push(sample)
      print(sample)
    }
  }
  const code = await exited
  const seconds = (performance.now() - started) / 1000
  console.log(`  closed: ${end?.after.sockets} sockets; ${seconds.toFixed(0)} s`)
  console.log(`  ${JSON.stringify({ ...end?.outcomes, stats: end?.stats })}`)
  return { samples, end, code }
}

function print({ requests, rss, heap, sockets, listeners, timers }) {
  const row = [
    requests,
    (rss / MIB).toFixed(1),
    (heap / MIB).toFixed(1),
    sockets,
    listeners,
    timers,
  ]
  const widths = [10, 10, 10, 9, 11, 8]
  console.log(row.map((cell, at) => String(cell).padStart(widths[at])).join(''))
}

/** The first third warms up: compiled code and buffers are kept for good. */
function judge({ samples, end, code }) {
  const faults = []
  if (code !== 0 || end === null) return [`the process ended with ${code}`]
  const third = Math.ceil(samples.length / 3)
  const early = samples.slice(third, 2 * third)
  const late = samples.slice(-third)
  const worst = (list, key) => Math.max(...list.map((sample) => sample[key]))
  const least = (list, key) => Math.min(...list.map((sample) => sample[key]))
  if (least(late, 'heap') > worst(early, 'heap') + SLACK) faults.push('the heap grows')
  if (least(late, 'rss') > worst(early, 'rss') + 2 * SLACK) faults.push('memory grows')
  if (worst(late, 'sockets') > worst(early, 'sockets') + SOCKET_SLACK) faults.push('sockets grow')
  if (end.before > 0) faults.push(`${end.before} listeners stay on the signal`)
  if (worst(late, 'timers') > worst(early, 'timers') + 2) faults.push('timers grow')
  if (end.after.sockets > 4) faults.push(`${end.after.sockets} sockets stay after close`)
  return faults
}

async function startServer() {
  const large = Buffer.alloc(200_000, 'x')
  const routes = {
    '/small': (_, response) => response.end('{"ok":true}'),
    '/large': (_, response) => response.end(large),
    '/redirect': (_, response) => response.writeHead(302, { Location: '/small' }).end(),
    '/slow': (request, response) => {
      const timer = setTimeout(() => response.end('late'), 2000)
      response.once('close', () => clearTimeout(timer))
    },
    '/cut': (_, response) => {
      response.writeHead(200, { 'Content-Length': '100' })
      response.write('short', () => response.destroy())
    },
  }
  const server = createServer((request, response) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    request.resume()
    request.once('end', () => routes[request.url]?.(request, response))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
