// What the runtimes that no script can look into hold while they upload: workerd, Chromium, Firefox,
// WebKitGTK, each started as it is, without a driver that would keep bodies for itself. `--size` MiB
// (512), `--only` a regular expression for the names.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { binary } from '../scripts/binaries.mjs'
import { miniBrowser } from '../scripts/setup.mjs'

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
  [
    'webkit',
    (_folder, url) => [
      miniBrowser(),
      // Safari has them on since version 26, WebKitGTK 2.50 has them off.
      '--features=+FileSystem,+FileSystemWritableStream,+StorageAPI,+AccessHandle',
      url,
    ],
  ],
]

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '512' },
      only: { type: 'string', default: '' },
    },
  })
  const wanted = (name) => new RegExp(values.only).test(name)
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-held-'))
  const service = await startService(Number(values.size) * 1024 * 1024)
  const table = {}
  try {
    if (wanted('workerd')) table.workerd = await inWorkerd(folder, service)
    for (const [name, command] of BROWSERS.filter(([each]) => wanted(each))) {
      const profile = await mkdtemp(join(folder, name))
      table[name] = await inBrowser(profile, command(profile, `${service.url}/page`), service)
    }
  } finally {
    service.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  console.log('Anonymous memory of all its processes in MiB, idle and at most:')
  for (const [name, phases] of Object.entries(table)) {
    for (const [phase, { most, of }] of Object.entries(phases)) {
      console.log(`${name}, ${phase}: ${most} (${of})`)
    }
  }
}

/** WebKitGTK needs a display, a home of its own, and as root no sandbox. */
async function inBrowser(profile, command, service) {
  if (!command[0]?.endsWith('MiniBrowser')) return watch(command, service)
  const display = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  try {
    const number = await new Promise((resolve) => display.stdio[3].once('data', resolve))
    const home = join(profile, 'home')
    await mkdir(home)
    const environment = {
      ...{ HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home },
      ...{ DISPLAY: `:${String(number).trim()}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
      ...(process.getuid() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
    }
    return await watch(command, service, { environment })
  } finally {
    display.kill()
  }
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
  const contents = `import { post } from './dist/workerd/index.js'
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
  const onControl = (line) => {
    const { port } = JSON.parse(line)
    if (port !== undefined) void fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
  }
  return watch(command, service, { onControl })
}

/** Runs the command until it says that it has ended. */
async function watch([file, ...args], service, { onControl, environment = {} } = {}) {
  const peaks = {}
  service.phase = ''
  const child = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
    detached: true,
  })
  child.stdio[3].on('data', (data) => onControl?.(String(data)))
  const sampler = setInterval(async () => {
    const { phase } = service
    const memory = await memoryOf(child.pid)
    if (phase !== '' && memory.most > (peaks[phase]?.most ?? 0)) peaks[phase] = memory
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

/** MiB of a process and of all that it has started, and of the largest of these; Linux only. */
async function memoryOf(pid) {
  const found = new Map()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // It may have ended since it was listed.
    const status = await readFile(`/proc/${name}/status`, 'latin1').catch(() => '')
    const field = (key) => new RegExp(`^${key}:\\s+(\\S+)`, 'm').exec(status)?.[1]
    const size = Number(field('RssAnon') ?? 0) / 1024
    found.set(name, { parent: field('PPid'), name: field('Name'), size })
  }
  const belongs = (id) => id === String(pid) || (found.has(id) && belongs(found.get(id).parent))
  const own = [...found].filter(([id]) => belongs(id)).map(([, process]) => process)
  const largest = own.sort((a, b) => b.size - a.size).slice(0, 3)
  return {
    most: Math.round(own.reduce((sum, { size }) => sum + size, 0)),
    of: largest.map(({ name, size }) => `${name} ${Math.round(size)}`).join(', '),
  }
}
