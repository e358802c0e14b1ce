/**
 * A connection through a SOCKS 5 proxy (RFC 1928, RFC 1929): greeting, user and password where they
 * are asked for, CONNECT. Our own, since undici's warns of being experimental, gives up after five
 * seconds whatever the caller's limits are, and knows no user without a password.
 */
import { encodeText } from '../../src/as-bytes.ts'
import type { ProxyTarget } from '../../src/ports.ts'
import { ConnectFailure, TunnelRefused } from './errors.ts'
import { ByteQueue } from './byte-queue.ts'
import type { Connector, ConnectTarget, OpenTunnel, Socket, UndiciHost } from './shims.ts'

const VERSION = 5
const NO_AUTHENTICATION = 0
const USER_AND_PASSWORD = 2
const CONNECT = 1
const IPV4 = 1
const NAME = 3
const IPV6 = 4

/** What a proxy answers, by its number (RFC 1928 §6). */
const REPLIES: readonly string[] = [
  'it has no objection',
  'it failed for a reason of its own',
  'its rules do not allow it',
  'the network cannot be reached',
  'the host cannot be reached',
  'the host refuses the connection',
  'the way is too long',
  'it knows no CONNECT',
  'it does not know this kind of address',
]

/** @param connect to the proxy. */
export function socksTunnel(proxy: ProxyTarget, host: UndiciHost, connect: Connector): OpenTunnel {
  const { port, protocol } = proxy.url
  const hostname = unbracketed(proxy.url.hostname)
  return async (target, hold) => {
    // `socks5h` leaves the name to the proxy, `socks5` resolves it here, as curl has it.
    const bare = unbracketed(target.hostname)
    const name = protocol === 'socks5h:' ? bare : await resolved(bare, host)
    const at = { hostname, port: port === '' ? '1080' : port, protocol: 'http:' }
    const socket = await connected(connect, at, hold)
    const queue = new ByteQueue(socket)
    try {
      await greet(socket, queue, proxy)
      await askFor(socket, queue, addressBytes(name, portOf(target)))
      queue.end()
    } catch (error) {
      socket.destroy()
      throw error
    }
    return socket
  }
}

/** What fails here is the name of the server, and none of the proxy's. */
async function resolved(name: string, host: UndiciHost): Promise<string> {
  try {
    const [first] = await host.lookup(name)
    return first?.address ?? name
  } catch (error) {
    throw new ConnectFailure('connect', error)
  }
}

/** As sockets take an address of IPv6. */
function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function connected(
  connect: Connector,
  target: ConnectTarget,
  hold: (socket: Socket) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const opening = connect(target, (error, socket) => {
      if (error !== null || socket === undefined) reject(error ?? new ConnectFailure('proxy', null))
      else resolve(socket)
    })
    if (opening !== undefined) hold(opening)
  })
}

async function greet(socket: Socket, queue: ByteQueue, proxy: ProxyTarget): Promise<void> {
  const { username, password } = proxy
  const hasUser = username !== '' || password !== ''
  const methods = hasUser ? [NO_AUTHENTICATION, USER_AND_PASSWORD] : [NO_AUTHENTICATION]
  socket.write(Uint8Array.of(VERSION, methods.length, ...methods))
  const [version, method = 0xff] = await queue.take(2)
  if (version !== VERSION) throw new TunnelRefused('it does not speak SOCKS 5')
  if (method === NO_AUTHENTICATION) return
  if (method !== USER_AND_PASSWORD || !hasUser) {
    throw new TunnelRefused('it wants a user name and a password', true)
  }
  socket.write(Uint8Array.of(1, ...shortText(username), ...shortText(password)))
  const [, status] = await queue.take(2)
  if (status !== 0) throw new TunnelRefused('it refuses the user name or the password', true)
}

async function askFor(socket: Socket, queue: ByteQueue, address: Uint8Array): Promise<void> {
  socket.write(Uint8Array.of(VERSION, CONNECT, 0, ...address))
  const [version, reply = 1, , kind = 0] = await queue.take(4)
  if (version !== VERSION) throw new TunnelRefused('it does not speak SOCKS 5')
  if (reply !== 0) throw new TunnelRefused(REPLIES[reply] ?? `it says ${String(reply)}`)
  // The address it is bound to is of no use here, but stands before the first byte of the server.
  const length = kind === IPV4 ? 4 : kind === IPV6 ? 16 : ((await queue.take(1))[0] ?? 0)
  await queue.take(length + 2)
}

/** RFC 1928 §5: kind, address, port. */
function addressBytes(name: string, port: number): Uint8Array {
  const end = [port >> 8, port & 0xff]
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)) {
    return Uint8Array.of(IPV4, ...name.split('.').map(Number), ...end)
  }
  if (name.includes(':')) return Uint8Array.of(IPV6, ...groupsOf(name), ...end)
  return Uint8Array.of(NAME, ...shortText(name), ...end)
}

/** The URL parser spells every IPv6 address in one way (RFC 5952), without a dotted tail. */
function groupsOf(name: string): number[] {
  const spelt = new URL(`http://[${name.replace(/%.*$/, '')}]/`).hostname.slice(1, -1)
  const [head = '', tail] = spelt.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = new Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...gap, ...right].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

/** RFC 1929 §2: one byte for the length; a password may be missing, as with curl. */
function shortText(text: string): Uint8Array {
  const bytes = encodeText(text)
  if (bytes.length > 255) throw new TunnelRefused('it takes names of at most 255 bytes')
  return Uint8Array.of(bytes.length, ...bytes)
}

function portOf({ port, protocol }: ConnectTarget): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}
