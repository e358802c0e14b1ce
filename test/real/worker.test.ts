/** A Session inside a real workerd: an incoming Request is forwarded, streaming in both directions. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { pattern } from '../harness/pattern.ts'
import { startProgram } from './programs.ts'
import type { Program } from './programs.ts'
import { binary } from '../harness/binary.ts'

let backend: Server
let worker: Program
let last: IncomingMessage | null = null

before(async () => {
  backend = createServer((request, response) => {
    last = request
    if (request.url === '/page') {
      const headers = { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain', 'X-Page': '1' }
      response.writeHead(200, headers).end(gzipSync('a page'))
      return
    }
    response.writeHead(207, { 'X-Backend': 'yes', 'Set-Cookie': ['a=1', 'b=2'] })
    response.flushHeaders()
    request.pipe(response)
  })
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  worker = await startProgram(planWorkerd)
})
after(async () => {
  await worker.stop()
  await new Promise((resolve) => backend.close(resolve))
})

async function planWorkerd(folder: string, port: number): Promise<[string, ...string[]]> {
  await build({
    entryPoints: ['test/real/forward.worker.ts'],
    outfile: join(folder, 'worker.mjs'),
    ...{ bundle: true, format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'warning' },
    ...{ conditions: ['workerd'], external: ['node:*', 'cloudflare:*'] },
  })
  const app = `export default { fetch: async (request) =>
    new Response('app: ' + request.method + ' ' + (await request.text()), { status: 201 }) }`
  await writeFile(join(folder, 'app.mjs'), app)
  // Holds for a server that listens on TCP.
  const { port: behind } = backend.address() as AddressInfo
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "app", worker = .app),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-06-01",
  bindings = [
    (name = "BACKEND", text = "http://127.0.0.1:${String(behind)}"),
    (name = "APP", service = "app"),
  ],
);
const app :Workerd.Worker = (
  modules = [(name = "app.mjs", esModule = embed "app.mjs")],
  compatibilityDate = "2025-06-01",
);
`
  await writeFile(join(folder, 'config.capnp'), config)
  return [await binary('workerd'), 'serve', join(folder, 'config.capnp')]
}

function open(path: string, headers: Record<string, string> = {}): ClientRequest {
  return httpRequest({ port: worker.port, host: '127.0.0.1', path, method: 'POST', headers })
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => request.on('response', resolve).on('error', reject))
}

test('what the client sends first comes back before it sends the rest', async () => {
  const request = open('/echo?a=b', { 'X-Client': 'me', 'Content-Type': 'x/y' })
  request.write('first')
  const response = await answerTo(request)
  assert.equal(response.statusCode, 207)
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  assert.equal(String((await chunks.next()).value), 'first')
  request.end('second')
  assert.equal(String((await chunks.next()).value), 'second')
  assert.equal((await chunks.next()).done, true)
  assert.equal(response.headers['x-backend'], 'yes')
  assert.deepEqual(response.headers['set-cookie'], ['a=1', 'b=2'])
  assert.equal(last?.url, '/echo?a=b')
  assert.equal(last.headers['x-client'], 'me')
  assert.equal(last.headers['content-type'], 'x/y')
  assert.equal(last.headers['x-worker'], 'yes')
  assert.equal(last.headers['transfer-encoding'], 'chunked')
})

test('a length goes along, and 24 MiB come back as they were', async () => {
  const bytes = pattern(1, 0, 24 * 1024 * 1024)
  const request = open('/echo', { 'Content-Length': String(bytes.length) })
  request.end(bytes)
  const response = await answerTo(request)
  const hash = createHash('sha256')
  for await (const chunk of response) hash.update(chunk as Buffer)
  assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'))
  assert.equal(last?.headers['content-length'], String(bytes.length))
})

test('toResponse is what a handler may return, and a service binding can be mounted', async () => {
  const base = `http://127.0.0.1:${String(worker.port)}`
  const page = await fetch(`${base}/page`)
  assert.equal(await page.text(), 'a page')
  assert.equal(page.headers.get('x-page'), '1')
  const bound = await fetch(`${base}/binding`)
  assert.equal(bound.status, 201)
  assert.equal(await bound.text(), 'app: POST to the binding')
})
