/**
 * The way to a server: direct, through a unix socket, an HTTP proxy or a SOCKS proxy. `planRoute`
 * says where a request goes and with whom it may share sockets, `openRoute` makes the connector.
 */
import { encodeBase64 } from '../../src/bytes.ts'
import type { ProxyTarget, WireRequest } from '../../src/ports.ts'
import { withCertificateFault } from './certificate-fault.ts'
import { ConnectFailure } from './errors.ts'
import type {
  ConnectCallback,
  Connector,
  ConnectTarget,
  Controller,
  Handler,
  Socket,
  Undici,
  UndiciHost,
} from './shims.ts'
import { tlsOptions } from './tls.ts'

export interface Route {
  /** Who the socket speaks to: the proxy itself where requests are forwarded in absolute form. */
  readonly origin: string
  /** The whole configuration (guarantee 10): equal keys may share sockets. */
  readonly key: string
  readonly kind: 'direct' | 'forward' | 'tunnel' | 'socks'
  /** For the proxy alone, never for a server behind it. */
  readonly proxyAuthorization: string | null
}

/** @param tlsKey empty for the default settings. */
export function planRoute(
  request: WireRequest,
  tlsKey: string,
  ownAuthorization: string | null,
): Route {
  const { url, proxy, socketPath } = request
  if (proxy === null) {
    const plain = tlsKey === '' && socketPath === null
    const { origin } = url
    const key = plain ? origin : JSON.stringify([origin, tlsKey, socketPath])
    return { origin, key, kind: 'direct', proxyAuthorization: null }
  }
  const kind = kindOf(proxy, url)
  const origin = kind === 'forward' ? `${proxy.url.protocol}//${proxy.url.host}` : url.origin
  const authorization = kind === 'socks' ? null : (ownAuthorization ?? basic(proxy))
  const secrets = kind === 'socks' ? [proxy.username, proxy.password] : [authorization]
  const key = JSON.stringify([origin, tlsKey, socketPath, kind, proxy.url.href, ...secrets])
  return { origin, key, kind, proxyAuthorization: authorization }
}

/** The connector of a route; reads certificates, hence asynchronous. */
export async function openRoute(
  request: WireRequest,
  route: Route,
  context: { undici: Undici; host: UndiciHost; allowH2: boolean },
): Promise<Connector> {
  const { undici, host, allowH2 } = context
  const { trust, identity } = await tlsOptions(request.tls, host)
  // Undici's own clock ticks once a second: the deadline of the call bounds the connection.
  const path = request.socketPath === null ? {} : { socketPath: request.socketPath }
  const server = undici.buildConnector({ ...trust, ...identity, ...path, allowH2, timeout: 0 })
  if (request.proxy === null) {
    if (host.tellsCertificateFaults) return direct(server, 'connect')
    const peek = undici.buildConnector({ ...path, rejectUnauthorized: false, timeout: 0 })
    return direct(withCertificateFault(server, peek), 'connect')
  }
  const proxy = undici.buildConnector({ ...trust, allowH2: false, timeout: 0 })
  if (route.kind === 'forward') return direct(proxy, 'proxy')
  const { proxyAuthorization } = route
  const open =
    route.kind === 'tunnel'
      ? httpTunnel(request.proxy, proxyAuthorization, { undici, connect: proxy })
      : await socksTunnel(request.proxy, { undici, host, connect: proxy })
  return tunnelled(open, server)
}

function kindOf(proxy: ProxyTarget, url: URL): Route['kind'] {
  if (proxy.url.protocol.startsWith('socks5')) return 'socks'
  // RFC 9112 §3.2.2: absolute form to a proxy; §3.2.3: CONNECT for what it must not read.
  return url.protocol === 'http:' ? 'forward' : 'tunnel'
}

function basic(proxy: ProxyTarget): string | null {
  if (proxy.username === '' && proxy.password === '') return null
  return `Basic ${encodeBase64(`${proxy.username}:${proxy.password}`)}`
}

/** The name of the certificate is that of the URL, whatever Host header the caller sends. */
function direct(connect: Connector, stage: 'connect' | 'proxy'): Connector {
  return (target, callback) =>
    connect({ ...target, servername: null }, (error, socket) => {
      callback(error === null ? null : new ConnectFailure(stage, error), socket)
    })
}

/** @param hold told each socket while the tunnel is being made, so that it can be given up. */
type OpenTunnel = (target: ConnectTarget, hold: (socket: Socket) => void) => Promise<Socket>

function tunnelled(open: OpenTunnel, server: Connector): Connector {
  return (target, callback) => {
    let held: Socket | undefined
    const hold = (socket: Socket | undefined): void => {
      held = socket
    }
    open(target, hold).then(
      (socket) => {
        if (target.protocol === 'https:') hold(secure(server, target, socket, callback))
        else callback(null, socket)
      },
      (error: unknown) => {
        callback(new ConnectFailure('proxy', error))
      },
    )
    return { destroyed: false, destroy: (error) => held?.destroy(error), on: () => undefined }
  }
}

/** A connector that reports its sockets. */
function holding(connect: Connector, hold: (socket: Socket) => void): Connector {
  return (target, callback) => {
    const socket = connect(target, callback)
    if (socket !== undefined) hold(socket)
    return socket
  }
}

function secure(
  server: Connector,
  target: ConnectTarget,
  httpSocket: Socket,
  callback: ConnectCallback,
): Socket | undefined {
  return server({ ...target, servername: null, httpSocket }, (error, socket) => {
    callback(error === null ? null : new ConnectFailure('connect', error), socket)
  })
}

function httpTunnel(
  proxy: ProxyTarget,
  authorization: string | null,
  { undici, connect }: { undici: Undici; connect: Connector },
): OpenTunnel {
  const origin = `${proxy.url.protocol}//${proxy.url.host}`
  return (target, hold) =>
    new Promise((resolve, reject) => {
      const port = target.port === '' ? '443' : String(target.port)
      const authority = `${bracketed(target.hostname)}:${port}`
      const headers = ['host', authority]
      if (authorization !== null) headers.push('proxy-authorization', authorization)
      const client = new undici.Client(origin, {
        connect: holding(direct(connect, 'proxy'), hold),
        pipelining: 1,
        maxHeaderSize: 65536,
        headersTimeout: 0,
        bodyTimeout: 0,
        allowH2: false,
      })
      client.dispatch(
        {
          path: authority,
          method: 'CONNECT',
          headers,
          body: null,
          headersTimeout: 0,
          bodyTimeout: 0,
          reset: false,
        },
        new ConnectHandler(resolve, reject),
      )
    })
}

/** The answer to CONNECT: any 2xx opens the tunnel (RFC 9110 §9.3.6). */
class ConnectHandler implements Handler {
  readonly #resolve: (socket: Socket) => void
  readonly #reject: (error: unknown) => void

  constructor(resolve: (socket: Socket) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart(): void {
    // The tunnel is given up with the request that waits for it: nothing to keep here.
  }

  onRequestUpgrade(_: Controller, status: number, _headers: unknown, socket: Socket): void {
    if (status >= 200 && status < 300) {
      this.#resolve(socket)
      return
    }
    socket.on('error', () => undefined)
    socket.destroy()
    this.#reject(new TunnelRefused(status))
  }

  onResponseError(_: Controller | null | undefined, error: unknown): void {
    this.#reject(error)
  }
}

/** The proxy answered CONNECT with something else than success. */
export class TunnelRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The proxy answered CONNECT with status ${String(status)}.`)
    this.status = status
  }
}

async function socksTunnel(
  proxy: ProxyTarget,
  { undici, host, connect }: { undici: Undici; host: UndiciHost; connect: Connector },
): Promise<OpenTunnel> {
  const Socks5ProxyAgent = await undici.loadSocks()
  const { hostname, port, protocol } = proxy.url
  const url = `socks5://${hostname}:${port === '' ? '1080' : port}`
  const { username, password } = proxy
  return async (target, hold) => {
    const agent = new Socks5ProxyAgent(url, {
      connect: holding(connect, hold),
      username,
      password,
    })
    // `socks5h` leaves the name to the proxy, `socks5` resolves it here, as curl has it.
    const name = protocol === 'socks5h:' ? target.hostname : await host.lookup(target.hostname)
    const standard = target.protocol === 'https:' ? 443 : 80
    return agent.createSocks5Connection(name, target.port === '' ? standard : Number(target.port))
  }
}

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname
}
