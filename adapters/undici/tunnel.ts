/** A tunnel through an HTTP proxy: CONNECT (RFC 9110 §9.3.6), over TLS to the proxy where it has that. */
import { bare } from '../../src/own.ts'
import type { ProxyTarget } from '../../src/ports.ts'
import { TunnelRefused } from './errors.ts'
import { RawFields } from './raw-fields.ts'
import type {
  ClientOptions,
  Connector,
  DispatchOptions,
  Handler,
  OpenTunnel,
  RawText,
  Socket,
  Undici,
} from './shims.ts'

/** @param connect to the proxy; reports its failures as those of the proxy. */
export function httpTunnel(
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
      const client = new undici.Client(
        origin,
        bare<ClientOptions>({
          connect: holding(connect, hold),
          pipelining: 1,
          maxHeaderSize: 65536,
          headersTimeout: 0,
          bodyTimeout: 0,
          allowH2: false,
        }),
      )
      client.dispatch(
        bare<DispatchOptions>({
          path: authority,
          method: 'CONNECT',
          headers,
          body: null,
          headersTimeout: 0,
          bodyTimeout: 0,
          reset: false,
        }),
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

  onConnect(): void {
    // The tunnel is given up with the request that waits for it: nothing to keep here.
  }

  onUpgrade(status: number, headers: readonly RawText[], socket: Socket): void {
    if (status >= 200 && status < 300) {
      this.#resolve(socket)
      return
    }
    socket.on('error', () => undefined)
    socket.destroy()
    const answer = { status, headers: new RawFields(headers).pairs() }
    const why = `it answered with status ${String(status)}`
    this.#reject(new TunnelRefused(why, status === 407, answer))
  }

  onError(error: unknown): void {
    this.#reject(error)
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

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname
}
