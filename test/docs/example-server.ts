/** What `https://api.example.com` of the documentation is here: an obliging JSON service. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ExampleServer {
  readonly url: string
  close(): void
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

const LARGE = Buffer.alloc(3_000_000, 'ubiquest ')
const ETAG = '"large-1"'

/** By the last part of the path; everything else is answered with what was asked. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  login: (_, response) => {
    response.setHeader('Set-Cookie', 'session=7f3a; Path=/; HttpOnly')
    json(response, { welcome: true })
  },
  // Never answers: for examples of timeouts.
  slow: () => undefined,
  log: (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end('first line\nsecond line\n')
  },
  events: (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.end('id: 1\nevent: token\ndata: {"text":"hello"}\n\ndata: [DONE]\n\n')
  },
  ndjson: (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
    response.end('{"n":1}\n{"n":2}\n')
  },
  missing: (_, response) => {
    json(response, { error: 'no such thing' }, 404)
  },
  old: (_, response) => {
    response.writeHead(302, { Location: '/users' })
    response.end()
  },
  'large.bin': large,
}

export async function startExampleServer(): Promise<ExampleServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*')
  response.setHeader('Access-Control-Allow-Headers', '*')
  // Without an encoding set, a request gives buffers.
  const body = Buffer.concat((await request.toArray()) as Buffer[])
  const { pathname } = new URL(request.url ?? '/', 'http://example')
  const last = pathname.slice(pathname.lastIndexOf('/') + 1)
  const special = Object.hasOwn(ANSWERS, last) ? ANSWERS[last] : undefined
  if (special !== undefined) special(request, response, body)
  else json(response, { method: request.method, path: request.url, bytes: body.length })
}

/** With ranges, a strong validator and a length, as file servers have. */
function large(request: IncomingMessage, response: ServerResponse): void {
  const total = LARGE.length
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const valid = request.headers['if-range'] === undefined || request.headers['if-range'] === ETAG
  const start = range === null || !valid ? 0 : Number(range[1])
  const end =
    range === null || !valid || range[2] === '' ? total : Math.min(total, Number(range[2]) + 1)
  response.setHeader('ETag', ETAG)
  response.setHeader('Accept-Ranges', 'bytes')
  if (start >= total) {
    response.writeHead(416, { 'Content-Range': `bytes */${String(total)}` }).end()
    return
  }
  const partial = range !== null && valid
  if (partial)
    response.setHeader(
      'Content-Range',
      `bytes ${String(start)}-${String(end - 1)}/${String(total)}`,
    )
  response.writeHead(partial ? 206 : 200, { 'Content-Length': end - start })
  response.end(request.method === 'HEAD' ? undefined : LARGE.subarray(start, end))
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}
