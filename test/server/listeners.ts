/** The listeners of the test servers: each on a free port of loopback, each closed with its sockets. */
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createApp } from './app.ts'
import type { AppOptions, Connections } from './app.ts'
import type { Identity } from './certificates.ts'
import type { Journal } from './journal.ts'

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

export type AppListenerOptions = Omit<AppOptions, 'connections'>

/** Longer than any pause between two requests of a case. */
const KEEP_ALIVE_MS = 30_000
const MAX_HEADER_BYTES = 512 * 1024

export async function listenHttp(
  options: AppListenerOptions,
  host = '127.0.0.1',
): Promise<Listener> {
  const connections: Connections = new WeakMap()
  const server = createServer(httpOptions(), createApp({ ...options, connections }))
  server.on('clientError', destroySocket)
  numberConnections(server, 'connection', options, connections)
  return listen(server, host)
}

/** What a TLS listener asks of its clients. */
export interface TlsDemands {
  /** Signed by this authority, or no handshake. */
  readonly clientCa?: string
  readonly maxVersion?: 'TLSv1.2'
}

export async function listenHttps(
  options: AppListenerOptions,
  { cert, key }: Identity,
  { clientCa, maxVersion }: TlsDemands = {},
): Promise<Listener> {
  const connections: Connections = new WeakMap()
  const app = createApp({ ...options, connections })
  const demands = {
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  }
  const ALPNProtocols = ['http/1.1']
  const server = createTlsServer({ ...httpOptions(), cert, key, ALPNProtocols, ...demands }, app)
  server.on('clientError', destroySocket)
  server.on('tlsClientError', destroySocket)
  numberConnections(server, 'secureConnection', options, connections)
  return listen(server)
}

export async function listenHttp2(
  options: AppListenerOptions,
  { cert, key }: Identity,
): Promise<Listener> {
  const connections: Connections = new WeakMap()
  const app = createApp({ ...options, connections })
  const server = createSecureServer({ ...httpOptions(), cert, key, allowHTTP1: true }, app)
  server.on('sessionError', () => undefined)
  server.on('clientError', destroySocket)
  server.on('tlsClientError', destroySocket)
  numberConnections(server, 'secureConnection', options, connections)
  server.on('session', (session) => {
    session.on('error', () => undefined)
    const id = options.journal.connect(`${options.listener}-session`)
    connections.set(session, { id, requests: 0 })
    session.once('close', () => {
      options.journal.disconnect(`${options.listener}-session`, id)
    })
  })
  return listen(server)
}

/** At a path of the file system. */
export async function listenUnix(options: AppListenerOptions, path: string): Promise<Listener> {
  const connections: Connections = new WeakMap()
  const server = createServer(httpOptions(), createApp({ ...options, connections }))
  server.on('clientError', destroySocket)
  numberConnections(server, 'connection', options, connections)
  return listen(server, { path })
}

/** Binds a server of any kind to a free port and keeps track of its sockets. */
export async function listen(
  server: Server,
  place: string | { readonly path: string } = '127.0.0.1',
): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const at = typeof place === 'string' ? { port: 0, host: place, backlog: 512 } : place
    server.listen(at, resolve)
  })
  server.on('error', () => undefined)
  return {
    // A server that listens on a port has the address of a port; one at a path has none.
    port: typeof place === 'string' ? (server.address() as AddressInfo).port : 0,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Takes connections, reads what comes, and never says a word. */
export async function listenSilently(): Promise<Listener> {
  const { Server } = await import('node:net')
  const server = new Server()
  server.on('connection', (socket: Socket) => socket.resume())
  return listen(server)
}

/** A port nobody listens on: it was free a moment ago. */
export async function refusedPort(): Promise<number> {
  const { Server } = await import('node:net')
  const listener = await listen(new Server())
  await listener.close()
  return listener.port
}

function httpOptions(): {
  keepAliveTimeout: number
  requestTimeout: number
  headersTimeout: number
  maxHeaderSize: number
} {
  return {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
  }
}

function numberConnections(
  server: Server,
  event: 'connection' | 'secureConnection',
  { journal, listener }: { readonly journal: Journal; readonly listener: string },
  connections: Connections,
): void {
  server.on(event, (socket: Socket) => {
    socket.on('error', () => undefined)
    const id = journal.connect(listener)
    connections.set(socket, { id, requests: 0 })
    socket.once('close', () => {
      journal.disconnect(listener, id)
    })
  })
}

function destroySocket(error: Error, socket: { destroy(): unknown }): void {
  socket.destroy()
}
