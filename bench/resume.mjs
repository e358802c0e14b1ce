/**
 * `npm run bench -- resume [--size MiB] [--rounds n] [--folder path]`: download() against curl, wget,
 * aria2c and response.save(), each in a process of its own, and ours in one that has been running for
 * a while, from one nginx on loopback; and over a link with latency, where each connection gets one
 * window per round trip. Where others use the machine, too, the processor's time tells more.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startLink } from './resume/link.mjs'

const CHILD = fileURLToPath(new URL('./resume/child.mjs', import.meta.url))
const MIB = 1024 * 1024
const LINK = { roundTripMs: 50, windowBytes: 128 * 1024, bytes: 16 * MIB }

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '256' },
      rounds: { type: 'string', default: '5' },
      // On a disk that others use too, its queue is what is measured: /dev/shm leaves it out.
      folder: { type: 'string', default: tmpdir() },
    },
  })
  const folder = await mkdtemp(join(values.folder, 'ubiquest-bench-'))
  await chmod(folder, 0o755)
  const server = await startNginx(folder)
  try {
    await fill(join(folder, 'big.bin'), Number(values.size) * MIB)
    await fill(join(folder, 'small.bin'), LINK.bytes)
    await loopback(folder, `${server.url}/big.bin`, values)
    await latency(folder, server.port)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function loopback(folder, url, { size, rounds }) {
  const target = join(folder, 'target.bin')
  const clients = clientsFor(url, target)
  const runs = new Map(clients.map(([name]) => [name, []]))
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, command, ...rest] of clients) {
      await rm(target, { force: true })
      runs.get(name).push(await (isRunning(name) ? inside : whole)(command, rest))
      if ((await stat(target)).size !== Number(size) * MIB) throw new Error(`${name} is short`)
    }
  }
  console.log(
    `${size} MiB from nginx on loopback, ${rounds} runs, milliseconds, of whole processes`,
  )
  console.log('but for those that run already, which had a small file before:')
  console.log(`  ${''.padEnd(26)} ${['median', 'best', 'cpu', 'best cpu'].map(column).join('')}`)
  for (const [name, all] of runs) {
    const [wall, cpu] = [all.map((each) => each.wall), all.map((each) => each.cpu)]
    const figures = [median(wall), Math.min(...wall), median(cpu), Math.min(...cpu)]
    console.log(`  ${name.padEnd(26)} ${figures.map((ms) => column(ms.toFixed(0))).join('')}`)
  }
}

function isRunning(name) {
  return name.endsWith('running')
}

async function whole(command, args) {
  const started = performance.now()
  const cpu = await runTimed(command, args)
  return { wall: performance.now() - started, cpu }
}

async function inside(command, args) {
  const { took, cpu } = JSON.parse(await run(command, args))
  return { wall: took, cpu }
}

function column(text) {
  return text.padStart(10)
}

function clientsFor(url, target) {
  const own = (how) => [process.execPath, CHILD, url, target, how]
  const small = new URL('small.bin', url).href
  const others = [
    ['curl', 'curl', '-s', '-o', target, url],
    ['wget', 'wget', '-q', '-O', target, url],
    ['aria2c -x4', 'aria2c', '-x4', '-s4', '-q', '--file-allocation=none'].concat([
      '--allow-overwrite=true',
      '-d',
      '/',
      '-o',
      target.slice(1),
      url,
    ]),
  ]
  const there = others.filter(([, command]) => spawnSync(command, ['--version']).status === 0)
  const ours = [
    ['response.save()', ...own('save')],
    ['download()', ...own('1')],
    ['download(), 4 segments', ...own('4')],
    ['response.save(), running', ...own('save'), small],
    ['download(), running', ...own('1'), small],
  ]
  return [...there, ...ours]
}

async function latency(folder, port) {
  const link = await startLink(port, LINK)
  const url = `http://127.0.0.1:${link.port}/small.bin`
  const target = join(folder, 'far.bin')
  const { roundTripMs, windowBytes, bytes } = LINK
  console.log(
    `${bytes / MIB} MiB over a link of ${roundTripMs} ms and ${windowBytes / 1024} KiB per round trip:`,
  )
  const times = []
  for (const segments of ['1', '4']) {
    await rm(target, { force: true })
    const { elapsed } = JSON.parse(await run(process.execPath, [CHILD, url, target, segments]))
    times.push(elapsed)
    console.log(`  ${segments} segment(s): ${elapsed.toFixed(0)} ms`)
  }
  console.log(`  four are ${(times[0] / times[1]).toFixed(2)} times as fast as one`)
  link.close()
}

async function startNginx(folder) {
  const port = await freePort()
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  const file = join(folder, 'nginx.conf')
  await writeFile(
    file,
    `daemon off; pid ${folder}/nginx.pid; events {}
http { access_log off; sendfile on; ${temp}
server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const url = `http://127.0.0.1:${port}`
  for (let left = 200; left > 0; left--) {
    if (spawnSync('curl', ['-s', '-o', join(folder, 'probe'), url]).status === 0) break
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { url, port, stop }
}

async function fill(path, bytes) {
  const block = Buffer.alloc(MIB)
  for (let at = 0; at < MIB; at += 4) block.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
  const file = await open(path, 'w')
  for (let at = 0; at < bytes; at += MIB) await file.write(block)
  await file.close()
}

/** Resolves to the milliseconds of processor time, user's and system's: bash tells those of a child. */
async function runTimed(command, args) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null'
  const text = await run('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', command, ...args])
  const [user, system] = text.trim().split('\n').at(-1).split(' ').map(Number)
  return (user + system) * 1000
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (data) => (text += data))
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}`)),
    )
  })
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
