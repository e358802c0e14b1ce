/** A server of one resource that does ranges as it should, or as a test tells it to. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pattern } from '../../harness/pattern.ts'

export interface Resource {
  bytes: Uint8Array
  etag: string | null
  lastModified: string | null
}
export interface RangeServer {
  readonly url: string
  /** What is served; change it to change the resource. */
  readonly resource: Resource
  /** Headers of the requests so far. */
  readonly requests: IncomingMessage['headers'][]
  /** Called first; true when it has answered, or will. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null
  /** Fields added to every answer. */
  extra: Record<string, string>
  /** Breaks the connection once, when the body has come to this byte of the resource. */
  cutAt: number[]
  close(): Promise<void>
}

export async function startRangeServer(size: number): Promise<RangeServer> {
  const resource: Resource = { bytes: pattern(1, 0, size), etag: '"v1"', lastModified: null }
  const server = createServer((request, response) => {
    self.requests.push(request.headers)
    if (self.intercept?.(request, response) !== true) answer(self, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  const self: RangeServer = {
    url: `http://127.0.0.1:${String(port)}/file.bin`,
    ...{ resource, requests: [], intercept: null, extra: {}, cutAt: [] },
    close: async () => await closeServer(server),
  }
  return self
}

export function answer(
  { resource, extra, cutAt }: RangeServer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { bytes, etag, lastModified } = resource
  for (const [name, value] of Object.entries(extra)) response.setHeader(name, value)
  if (etag !== null) response.setHeader('ETag', etag)
  if (lastModified !== null) response.setHeader('Last-Modified', lastModified)
  const condition = request.headers['if-range']
  const holds = condition === undefined || condition === etag || condition === lastModified
  const found = holds ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null
  const start = Number(found?.[1] ?? 0)
  const last = found?.[2] === undefined || found[2] === '' ? Infinity : Number(found[2])
  const end = Math.min(bytes.length, last + 1)
  if (found !== null && start >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${String(bytes.length)}` }).end()
    return
  }
  const range = `bytes ${String(start)}-${String(end - 1)}/${String(bytes.length)}`
  response.writeHead(found === null ? 200 : 206, {
    ...(found === null ? {} : { 'Content-Range': range }),
    'Content-Length': String(end - start),
  })
  const cut = cutAt.findIndex((at) => at > start && at < end)
  if (cut === -1) {
    response.end(bytes.subarray(start, end))
    return
  }
  const [at = 0] = cutAt.splice(cut, 1)
  response.write(bytes.subarray(start, at), () => response.destroy())
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
