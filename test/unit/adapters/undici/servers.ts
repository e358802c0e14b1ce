/** Small servers on loopback for the tests of the transport, and the requests sent to them. */
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { Socket } from 'node:net'
import { openTransport as openOnDeno } from '../../../../adapters/deno/transport.ts'
import { openTransport as openOnNode } from '../../../../adapters/node/transport.ts'

import { CallDeadline } from '../../../../src/deadline.ts'
import { exactClock } from '../../../../src/deadline-clock.ts'
import type {
  BodySource,
  PoolStats,
  Transport,
  TransportSettings,
  WireRequest,
} from '../../../../src/ports.ts'

export interface TestTransport extends Transport {
  stats(): PoolStats
}

/** The same tests hold on Deno, when their bundle is run there. */
export function openTransport(settings: TransportSettings = {}): TestTransport {
  const open = 'Deno' in globalThis ? openOnDeno : openOnNode
  // Both give an UndiciTransport.
  return open(settings) as TestTransport
}

export interface Running {
  readonly port: number
  readonly connections: readonly Socket[]
  close(): Promise<void>
}

/** Answers with how many bytes a request had. */
export function countingServer(): http.Server {
  return http.createServer((request, response) => {
    let size = 0
    request.on('data', (bytes: Uint8Array) => (size += bytes.length))
    request.on('end', () => response.end(String(size)))
  })
}

export async function listen(server: net.Server): Promise<Running> {
  const connections: Socket[] = []
  server.on('connection', (socket: Socket) => {
    connections.push(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections,
    async close() {
      for (const socket of connections) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/** A server that answers each request head, counted per server, with what `answer` says. */
export function rawServer(
  answer: (head: string, socket: Socket, count: number) => void,
): Promise<Running> {
  let count = 0
  return listen(
    net.createServer((socket) => {
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
        for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
          const head = text.slice(0, end)
          text = text.slice(end + 4)
          if (/^[A-Z]+ /.test(head)) answer(head, socket, ++count)
        }
      })
    }),
  )
}

export type Overrides = Partial<WireRequest> & { signal?: AbortSignal; readMs?: number }

export function wireRequest(url: string, overrides: Overrides = {}): WireRequest {
  const { signal = null, readMs = 20_000, ...rest } = overrides
  const limits = { connect: 20_000, read: readMs, total: null, readIsExplicit: true }
  const call = new CallDeadline(limits, signal, exactClock())
  const deadline = call.attempt({ method: rest.method ?? 'GET', url: new URL(url) })
  call.finish()
  return {
    method: 'GET',
    url: new URL(url),
    headers: [['Accept', '*/*']],
    host: null,
    body: null,
    deadline,
    tls: { verify: true, cert: null },
    proxy: null,
    socketPath: null,
    redirect: 'manual',
    credentials: null,
    stream: false,
    raw: false,
    onSent: null,
    init: {},
    ...rest,
  }
}

export async function fetchText(
  transport: Transport,
  url: string,
  overrides: Overrides = {},
): Promise<string> {
  const response = await transport.send(wireRequest(url, overrides))
  return new TextDecoder().decode(await response.body.collect(Infinity))
}

export function bytesBody(bytes: Uint8Array): BodySource {
  return {
    replayable: true,
    open: () => ({
      length: bytes.length,
      pieces: [{ kind: 'bytes', bytes }],
      close: () => undefined,
    }),
  }
}

export function streamBody(
  chunks: AsyncGenerator<Uint8Array, void>,
  length: number | null = null,
): BodySource {
  return {
    replayable: false,
    open: () => ({
      length,
      pieces: [{ kind: 'stream', length, chunks }],
      close: async () => {
        await chunks.return()
      },
    }),
  }
}
