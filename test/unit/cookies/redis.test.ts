/** A jar in Redis, through unstorage: two processes go on with one session, as two machines would. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { build } from 'esbuild'

const skip = spawnSync('redis-server', ['--version']).status !== 0 && 'redis-server is missing'
const folder = mkdtempSync(join(tmpdir(), 'ubiquest-redis-'))
// Inside the working directory, so that the packages are found.
const script = join(process.cwd(), '.cache', 'unit', `redis-visitor-${String(process.pid)}.mjs`)
const socket = join(folder, 'redis.sock')
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const lines = [...searchParams].map(([name, value]) => `${name}=${value}; Max-Age=600; HttpOnly`)
  if (pathname === '/set') response.setHeader('Set-Cookie', lines)
  response.end(request.headers.cookie ?? '')
})
let redis: ChildProcess | null = null
let origin = ''

before(async () => {
  if (skip !== false) return
  // A socket of its own, and nothing on disk: no port is taken and no other Redis is met.
  redis = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await ready(redis)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has the address of a port.
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  await build({
    entryPoints: ['test/unit/cookies/redis-visitor.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    external: ['./undici.js'],
    outfile: script,
  })
})
after(() => {
  redis?.kill()
  server.close()
  rmSync(folder, { recursive: true })
  rmSync(script, { force: true })
})

test('a process goes on with the session of another one', { skip }, async () => {
  assert.deepEqual(await visit(`${origin}/set?sid=42&theme=dark`), [''])
  assert.deepEqual(await visit(`${origin}/`, `${origin}/set?theme=light`, `${origin}/`), [
    'sid=42; theme=dark',
    'sid=42; theme=dark',
    'sid=42; theme=light',
  ])
  assert.deepEqual(await visit(`${origin}/`), ['sid=42; theme=light'])
})

test('two processes that write at one time lose nothing', { skip }, async () => {
  const urls = (name: string): string[] => {
    return Array.from({ length: 20 }, (_, index) => `${origin}/set?${name}${String(index)}=1`)
  }
  await Promise.all([visit(...urls('a')), visit(...urls('b'))])
  const [header = ''] = await visit(`${origin}/`)
  const names = header.split('; ').filter((pair) => /^[ab]\d+=1$/.test(pair))
  assert.equal(names.length, 40)
})

/** A process that calls these URLs in one session; the bodies it was answered. */
async function visit(...urls: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [script, socket, ...urls], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0)
  // It prints a list of texts.
  return JSON.parse(text) as string[]
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = ''
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (/ready to accept connections/i.test(text)) resolve()
    })
    stdout?.once('end', () => {
      reject(new Error(`redis-server ended: ${text}`))
    })
  })
}
