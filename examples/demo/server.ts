/** The demo's server: login, multipart upload, chunked upload, download; HTTP and HTTPS alike. */
import busboy from 'busboy'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { makeCertificates } from '../../test/server/certificates.ts'

export interface DemoServer {
  readonly http: string
  readonly https: string
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string
  /** Serves the page of the browsers and takes its messages. */
  page: { html: string; script: string; manifest: string; onReport: (body: string) => void } | null
  close(): void
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

const SESSION = 'demo-session=7f3a'

/** @param file what `/download` sends. */
export async function startServer(file: string): Promise<DemoServer> {
  const { ca, valid } = await makeCertificates()
  const demo: { page: DemoServer['page'] } = { page: null }
  const connections = new Set<unknown>()
  const routes = new Map<string, Handler>([
    ['POST /login', logIn],
    ['GET /me', who],
    ['POST /upload', upload],
    ['POST /chunked', chunked],
    ['GET /download', (request, response) => download(file, request, response)],
    [
      'GET /connections',
      async (_, response): Promise<void> => {
        json(response, { connections: connections.size })
      },
    ],
    ...pageRoutes(demo),
  ])
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://demo')
    // The page's own requests are not the library's.
    if (!PAGE.has(url.pathname)) connections.add(request.socket)
    const handler = routes.get(`${request.method ?? ''} ${url.pathname}`) ?? notFound
    handler(request, response, url).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  }
  const servers: Server[] = [createServer(handle), createSecureServer(valid, handle)]
  const [http = 0, https = 0] = await Promise.all(servers.map(listen))
  return Object.assign(demo, {
    ca,
    http: `http://127.0.0.1:${String(http)}`,
    https: `https://localhost:${String(https)}`,
    close: () => {
      for (const server of servers) server.close()
    },
  })
}

const PAGE: ReadonlySet<string> = new Set(['/', '/page.js', '/manifest', '/report', '/favicon.ico'])

function pageRoutes(demo: { page: DemoServer['page'] }): [string, Handler][] {
  const text =
    (type: string, content: () => string | undefined): Handler =>
    async (_, response) => {
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' })
      response.end(content() ?? '')
    }
  return [
    ['GET /', text('text/html; charset=utf-8', () => demo.page?.html)],
    ['GET /page.js', text('text/javascript; charset=utf-8', () => demo.page?.script)],
    ['GET /manifest', text('application/json', () => demo.page?.manifest)],
    [
      'POST /report',
      async (request, response): Promise<void> => {
        const chunks = await request.toArray()
        // Without an encoding set, a request gives buffers.
        demo.page?.onReport(Buffer.concat(chunks as Buffer[]).toString())
        response.end()
      },
    ],
  ]
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  return (server.address() as AddressInfo).port
}

async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(Buffer.concat((await request.toArray()) as Buffer[]).toString())
  if (form.get('password') !== 'lovelace') {
    json(response, { error: 'wrong password' }, 401)
    return
  }
  response.setHeader('Set-Cookie', `${SESSION}; Path=/; HttpOnly; SameSite=Lax`)
  json(response, { welcome: form.get('user') })
}

async function who(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (refused(request, response)) return
  json(response, { user: 'ada' })
}

/** Every part is hashed as it arrives; nothing is stored. */
async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (refused(request, response)) return
  const files: { filename: string; size: number; sha256: string }[] = []
  const parser = busboy({ headers: request.headers, defParamCharset: 'utf8' })
  parser.on('file', (_, stream, { filename }) => {
    const hash = createHash('sha256')
    const file = { filename: filename ?? '', size: 0, sha256: '' }
    files.push(file)
    stream.on('data', (chunk: Buffer) => {
      file.size += chunk.length
      hash.update(chunk)
    })
    stream.on('end', () => (file.sha256 = hash.digest('hex')))
  })
  await pipeline(request, parser)
  json(response, { files, framing: framing(request) })
}

async function chunked(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (refused(request, response)) return
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of request) {
    // As above.
    const bytes = chunk as Buffer
    size += bytes.length
    hash.update(bytes)
  }
  json(response, { size, sha256: hash.digest('hex'), framing: framing(request) })
}

async function download(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (refused(request, response)) return
  const { size } = await stat(path)
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': size })
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), response)
}

/** True when the cookie of the login is missing; it has been answered then. */
function refused(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.cookie?.includes(SESSION) === true) return false
  json(response, { error: 'log in first' }, 401)
  return true
}

function framing(request: IncomingMessage): string {
  const { headers } = request
  return headers['transfer-encoding'] ?? `Content-Length ${headers['content-length'] ?? 'missing'}`
}

async function notFound(_: IncomingMessage, response: ServerResponse): Promise<void> {
  json(response, { error: 'not found' }, 404)
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}
