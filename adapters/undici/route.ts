/**
 * The way to a server: direct, through a unix socket, an HTTP proxy or a SOCKS proxy. `planRoute`
 * says where a request goes and with whom it may share sockets, `openRoute` makes the connector.
 */
import { encodeBase64 } from '../../src/as-bytes.ts'
import { bare } from '../../src/own.ts'
import type { AddressPolicy, ProxyTarget, WireRequest } from '../../src/ports.ts'
import { originOf } from '../../src/url.ts'
import { guardedConnector, guardedLookup } from './address-guard.ts'
import { withCertificateFault } from './certificate-fault.ts'
import { ConnectFailure } from './errors.ts'
import type {
  ConnectCallback,
  Connector,
  ConnectOptions,
  ConnectTarget,
  OpenTunnel,
  Socket,
  Undici,
  UndiciHost,
} from './shims.ts'
import { LaterSocket } from './later-socket.ts'
import { socksTunnel } from './socks.ts'
import { currentConnector } from './tls.ts'
import { httpTunnel } from './tunnel.ts'

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
    const origin = originOf(url)
    const key = plain ? origin : JSON.stringify([origin, tlsKey, socketPath])
    return { origin, key, kind: 'direct', proxyAuthorization: null }
  }
  const kind = kindOf(proxy, url)
  const origin = kind === 'forward' ? `${proxy.url.protocol}//${proxy.url.host}` : url.origin
  const authorization = kind === 'socks' ? null : (ownAuthorization ?? basic(proxy))
  const secrets = kind === 'socks' ? [proxy.username, proxy.password] : [whose(authorization)]
  const key = JSON.stringify([origin, tlsKey, socketPath, kind, proxy.url.href, ...secrets])
  return { origin, key, kind, proxyAuthorization: authorization }
}

export interface RouteContext {
  readonly undici: Undici
  readonly host: UndiciHost
  readonly allowH2: boolean
  /** For every connection of the transport. */
  readonly minVersion: ConnectOptions['minVersion']
  readonly serverName: string | undefined
  readonly allowAddress: AddressPolicy | null
}

/** The connector of a route; reads certificates, hence asynchronous. */
export async function openRoute(
  request: WireRequest,
  route: Route,
  context: RouteContext,
): Promise<Connector> {
  const { undici, host, allowH2, minVersion, serverName } = context
  // Undici's own clock ticks once a second: the deadline of the call bounds the connection.
  const always = { timeout: 0, ...(minVersion === undefined ? {} : { minVersion }) }
  const named = serverName === undefined ? {} : { servername: serverName }
  const { allowAddress } = context
  const guard = allowAddress === null ? {} : { lookup: guardedLookup(allowAddress, host) }
  const isPlain = request.proxy === null && request.url.protocol === 'http:'
  const memory = isPlain && host.onRead !== null ? { onread: host.onRead } : {}
  const path = request.socketPath === null ? {} : { socketPath: request.socketPath }
  const server = await currentConnector(request.tls, host, ({ trust, identity }) =>
    undici.buildConnector(
      bare({ ...trust, ...identity, ...path, ...guard, ...named, ...always, ...memory, allowH2 }),
    ),
  )
  if (request.proxy === null) {
    const peek = (): Connector =>
      undici.buildConnector(
        bare({ ...path, ...guard, ...named, ...always, rejectUnauthorized: false }),
      )
    const told = host.tellsCertificateFaults ? server : withCertificateFault(server, peek())
    return direct(allowAddress === null ? told : guardedConnector(told, allowAddress), 'connect')
  }
  const toProxy = await currentConnector(request.tls, host, ({ trust }) =>
    undici.buildConnector(bare({ ...trust, ...always, allowH2: false })),
  )
  const proxy = direct(toProxy, 'proxy')
  if (route.kind === 'forward') return proxy
  const open =
    route.kind === 'tunnel'
      ? httpTunnel(request.proxy, route.proxyAuthorization, { undici, connect: proxy })
      : socksTunnel(request.proxy, host, proxy)
  return tunnelled(open, server)
}

function kindOf(proxy: ProxyTarget, url: URL): Route['kind'] {
  if (proxy.url.protocol.startsWith('socks5')) return 'socks'
  // RFC 9112 §3.2.2: absolute form to a proxy; §3.2.3: CONNECT for what it must not read.
  return url.protocol === 'http:' ? 'forward' : 'tunnel'
}

/**
 * Whose credentials a connection was made with. Each answer of Digest is another, but a client nonce
 * belongs to one nonce and one user who knows the password: a tunnel that it opened is used again.
 */
function whose(authorization: string | null): string | null {
  if (authorization === null || !/^digest .*\bcnonce=/i.test(authorization)) return authorization
  return authorization.replace(/\b(?:nc|response)=[^,]*/g, '')
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

function tunnelled(open: OpenTunnel, server: Connector): Connector {
  return (target, callback) => {
    const later = new LaterSocket()
    open(target, later.hold).then(
      (socket) => {
        const opened =
          target.protocol === 'https:' ? secure(server, target, socket, callback) : null
        if (opened === null) callback(null, socket)
        else if (opened !== undefined) later.hold(opened)
      },
      (error: unknown) => {
        callback(new ConnectFailure('proxy', error))
      },
    )
    return later
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
