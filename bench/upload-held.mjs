// What the runtimes that no script can look into hold while they upload: workerd, Chromium, Firefox,
// each started as it is, without a driver that would keep bodies for itself. `--size` MiB (512).
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { binary } from '../scripts/binaries.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const LIMIT_MS = 120_000
const QUIET = ['--headless', '--no-first-run', '--disable-gpu']

/** Name, and the command that opens a URL with a new profile. */
const BROWSERS = [
  [
    'chromium',
    (folder, url) => [
      '/usr/bin/chromium',
      ...QUIET,
      '--no-sandbox',
      `--user-data-dir=${folder}`,
      url,
    ],
  ],
  [
    'firefox',
    (folder, url) => [
      '/usr/bin/firefox-esr',
      '--headless',
      '--no-remote',
      '--profile',
      folder,
      url,
    ],
  ],
]

export async function main(args) {
  const { values } = parseArgs({ args, options: { size: { type: 'string', default: '512' } } })
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-held-'))
  const service = await startService(Number(values.size) * 1024 * 1024)
  const table = {}
  try {
    table.workerd = await inWorkerd(folder, service)
    for (const [name, command] of BROWSERS) {
      const profile = await mkdtemp(join(folder, name))
      table[name] = await watch(command(profile, `${service.url}/page`), service)
    }
  } finally {
    service.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  console.log('Anonymous memory of all its processes in MiB, idle and at most:')
  console.table(table)
}

/** Takes uploads, hands out the page and the bundle, and hears of what begins (`/phase?name`). */
async function startService(bytes) {
  const service = { bytes, phase: '', ended: () => undefined }
  const bundle = await readFile(join(root, 'dist/ubiquest.min.js'))
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://service')
    if (pathname === '/ubiquest.js')
      response.setHeader('Content-Type', 'text/javascript').end(bundle)
    else if (pathname === '/page') response.setHeader('Content-Type', 'text/html').end(page(bytes))
    else if (pathname === '/phase') {
      service.phase = decodeURIComponent(search.slice(1))
      response.end()
      if (service.phase === 'end') service.ended()
    } else request.resume().once('end', () => response.end('ok'))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  service.url = `http://127.0.0.1:${server.address().port}`
  service.close = () => {
    server.close()
    server.closeAllConnections()
  }
  return service
}

/** The file lies in the private file system, as one that a user has chosen lies on the disk. */
function page(bytes) {
  return `<!doctype html><script type="module">
    import { post } from '/ubiquest.js'
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle('large', { create: true })
    const sink = await handle.createWritable()
    const chunk = new Uint8Array(4 * 1024 * 1024).fill(7)
    for (let at = 0; at < ${bytes}; at += chunk.length) await sink.write(chunk)
    await sink.close()
    const files = { file: await handle.getFile() }
    await fetch('/phase?idle')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await fetch('/phase?by fetch')
    await post('/upload', { files, timeout: null })
    await fetch('/phase?by XMLHttpRequest')
    await post('/upload', { files, timeout: null, onUploadProgress() {} })
    await fetch('/phase?end')
  </script>`
}

async function inWorkerd(folder, service) {
  const worker = join(folder, 'worker.mjs')
  const contents = `import { post } from './dist/adapters/workerd/index.js'
    async function* generate() {
      for (let at = 0; at < ${service.bytes}; at += 262144) yield new Uint8Array(262144)
    }
    export default { async fetch() {
      await fetch('${service.url}/phase?idle')
      await post('${service.url}/upload', { data: new Uint8Array(1024) })
      await fetch('${service.url}/phase?chunked')
      await post('${service.url}/upload', { data: generate(), timeout: null })
      await fetch('${service.url}/phase?with a length')
      const headers = { 'Content-Length': '${service.bytes}' }
      await post('${service.url}/upload', { data: generate(), timeout: null, headers })
      await fetch('${service.url}/phase?end')
      return new Response()
    } }`
  await build({
    stdin: { contents, resolveDir: root },
    outfile: worker,
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'error',
  })
  await writeFile(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .main),
        (name = "internet", network = (allow = ["private", "local"]))],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);
    const main :Workerd.Worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-10-01");`,
  )
  const command = [binary('workerd'), 'serve', '--control-fd=3', join(folder, 'config.capnp')]
  return watch(command, service, (line) => {
    const { port } = JSON.parse(line)
    if (port !== undefined) void fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
  })
}

/** Runs the command until it says that it has ended. */
async function watch([file, ...args], service, onControl = () => undefined) {
  const peaks = {}
  service.phase = ''
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true })
  child.stdio[3].on('data', (data) => onControl(String(data)))
  const sampler = setInterval(async () => {
    const { phase } = service
    const memory = await memoryOf(child.pid)
    if (phase !== '') peaks[phase] = Math.max(peaks[phase] ?? 0, memory)
  }, 50)
  let limit
  try {
    await new Promise((resolve, reject) => {
      service.ended = resolve
      child.once('error', reject)
      limit = setTimeout(
        () => reject(new Error(`${file} took too long, at "${service.phase}"`)),
        LIMIT_MS,
      )
    })
  } finally {
    clearInterval(sampler)
    clearTimeout(limit)
    process.kill(-child.pid)
  }
  delete peaks.end
  return peaks
}

/** MiB of a process and of all that it has started; Linux only. */
async function memoryOf(pid) {
  const sizes = new Map()
  const children = new Map()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // It may have ended since it was listed.
    const status = await readFile(`/proc/${name}/status`, 'latin1').catch(() => '')
    const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1]
    children.set(parent, [...(children.get(parent) ?? []), name])
    sizes.set(name, Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
  }
  const sum = (id) =>
    (children.get(id) ?? []).reduce((total, each) => total + sum(each), sizes.get(id) ?? 0)
  return Math.round(sum(String(pid)))
}
