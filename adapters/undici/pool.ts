/**
 * All connections of one transport, found by the whole configuration of a request: origin, TLS
 * settings, proxy and its credentials, unix socket (guarantee 10). Timeouts are part of no key.
 */
import { bare } from '../../src/own.ts'
import { ConnectionError } from '../../src/errors.ts'
import type { PoolSettings, PoolStats, WireRequest } from '../../src/ports.ts'
import { ConnectFailure } from './errors.ts'
import type { CheckedSettings } from '../transport-settings.ts'
import { originOf } from '../../src/url.ts'
import { OriginPool } from './origin.ts'
import type { PoolCounters, Slot } from './slot.ts'
import type { Socket, Undici, UndiciHost } from './shims.ts'
import { TlsKeys } from './tls.ts'
import { openRoute, planRoute } from './route.ts'
import type { Route, RouteContext } from './route.ts'

export class ConnectionPool {
  readonly #host: UndiciHost
  readonly #settings: PoolSettings
  readonly #http2: boolean
  readonly #transport: CheckedSettings
  readonly #counters: PoolCounters = { open: 0, idle: 0, created: 0, reused: 0, requests: 0 }
  readonly #keys = new TlsKeys()
  readonly #origins = new Map<string, OriginPool>()
  readonly #opening = new Map<string, Promise<OriginPool>>()
  /** Only kept where `maxIdle` bounds it; oldest first. */
  readonly #idle = new Set<Slot>()
  #undici: Undici | null = null
  #closed = false
  /** The last one without a proxy, and the TLS settings it was for. */
  #direct: { readonly route: Route | null; readonly key: string } = { route: null, key: '' }

  constructor(host: UndiciHost, settings: CheckedSettings) {
    this.#host = host
    this.#settings = checkBound(settings.pool ?? bare({}))
    this.#http2 = settings.http2 ?? false
    this.#transport = settings
  }

  get counters(): PoolStats {
    let busy = 0
    for (const origin of this.#origins.values()) busy += origin.busy
    return { ...this.#counters, idle: Math.max(0, this.#counters.open - busy) }
  }

  /** Where the request goes. `ownAuthorization` is the caller's Proxy-Authorization header. */
  plan(request: WireRequest, ownAuthorization: string | null): Route {
    const tlsKey = this.#keys.keyOf(request.tls)
    if (request.proxy !== null || request.socketPath !== null) {
      return planRoute(request, tlsKey, ownAuthorization)
    }
    const { route, key } = this.#direct
    // Nearly every request goes where the one before went.
    if (route !== null && key === tlsKey && route.origin === originOf(request.url)) return route
    const planned = planRoute(request, tlsKey, ownAuthorization)
    this.#direct = { route: planned, key: tlsKey }
    return planned
  }

  /** At once, except for the first request of a route. */
  find(request: WireRequest, route: Route): OriginPool | Promise<OriginPool> {
    if (this.#closed) throw closedError()
    const known = this.#origins.get(route.key)
    if (known !== undefined) return known
    const opening = this.#opening.get(route.key) ?? this.#open(request, route)
    this.#opening.set(route.key, opening)
    return opening
  }

  /** A connection that belongs to nobody else, and speaks HTTP/1.1.
   *  @param hold told the socket at once, so that it can be given up while it is connected. */
  async connect(
    request: WireRequest,
    route: Route,
    hold: (socket: Socket) => void,
  ): Promise<Socket> {
    if (this.#closed) throw closedError()
    const connect = await openRoute(request, route, await this.#routeContext(false))
    const { hostname, host, protocol, port } = new URL(route.origin)
    const target = { hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port }
    return new Promise((resolve, reject) => {
      const opening = connect(target, (error, socket) => {
        if (error === null && socket !== undefined) resolve(socket)
        else reject(error ?? new ConnectFailure('connect', null))
      })
      if (opening !== undefined) hold(opening)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#origins.values()].map((origin) => origin.close()))
  }

  async #open(request: WireRequest, route: Route): Promise<OriginPool> {
    try {
      const context = await this.#routeContext(this.#http2)
      const { undici } = context
      const connect = await openRoute(request, route, context)
      if (this.#closed) throw closedError()
      const origin = new OriginPool(route.origin, connect, {
        undici,
        settings: this.#settings,
        http2: this.#http2,
        counters: this.#counters,
        onIdle: (slot, idle) => {
          this.#boundIdle(slot, idle)
        },
        onEmpty: () => {
          if (this.#origins.get(route.key) === origin) this.#origins.delete(route.key)
        },
      })
      this.#origins.set(route.key, origin)
      return origin
    } finally {
      this.#opening.delete(route.key)
    }
  }

  async #routeContext(allowH2: boolean): Promise<RouteContext> {
    const undici = (this.#undici ??= await this.#host.load())
    const { minVersion, serverName } = this.#transport.tls
    const { allowAddress } = this.#transport
    return { undici, host: this.#host, allowH2, minVersion, serverName, allowAddress }
  }

  #boundIdle(slot: Slot, idle: boolean): void {
    const { maxIdle } = this.#settings
    if (maxIdle === undefined) return
    if (!idle) {
      this.#idle.delete(slot)
      return
    }
    this.#idle.add(slot)
    if (this.#idle.size <= maxIdle) return
    for (const oldest of this.#idle) {
      oldest.origin.drop(oldest)
      return
    }
  }
}

/** With none, every call would wait for ever. */
function checkBound(settings: PoolSettings): PoolSettings {
  if ((settings.maxConnections ?? 1) >= 1) return settings
  throw new TypeError('pool.maxConnections must be a number from 1 to 2147483647.')
}

function closedError(): ConnectionError {
  return new ConnectionError('The transport has been closed. Open a new one.', {
    code: 'SESSION_CLOSED',
  })
}
