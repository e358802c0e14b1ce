/** Proxies on loopback that write down what they are asked: HTTP with CONNECT, and SOCKS 5. */
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { listen } from './servers.ts'
import type { Running } from './servers.ts'

export interface Proxy extends Running {
  /** Request lines with the headers behind them, or SOCKS addresses. */
  readonly log: string[]
}

export interface ProxyOptions {
  /** What Proxy-Authorization has to be. */
  readonly authorization?: string
  readonly tls?: { readonly cert: string; readonly key: string }
}

export async function httpProxy({ authorization, tls }: ProxyOptions = {}): Promise<Proxy> {
  const log: string[] = []
  const note = (request: http.IncomingMessage): boolean => {
    log.push(`${request.method ?? ''} ${request.url ?? ''} ${request.rawHeaders.join('|')}`)
    const given = request.headers['proxy-authorization']
    return authorization === undefined || given === authorization
  }
  const server = tls === undefined ? http.createServer() : https.createServer(tls)
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (!note(request)) response.statusCode = 407
    response.end('from the proxy')
  })
  server.on('connect', (request: http.IncomingMessage, client: Duplex, head: Uint8Array) => {
    client.on('error', () => undefined)
    if (!note(request)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const target = new URL(`http://${request.url ?? ''}`)
    connect(target.hostname, Number(target.port), client, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) client.unshift(head)
    })
  })
  return { ...(await listen(server)), log }
}

/** RFC 1928, with user name and password (RFC 1929) when the client offers them. */
export async function socksProxy(): Promise<Proxy> {
  const log: string[] = []
  const server = net.createServer((client) => {
    let step: 'hello' | 'login' | 'request' = 'hello'
    client.on('error', () => undefined)
    const onData = (bytes: Buffer): void => {
      if (step === 'hello') {
        const login = bytes.subarray(2, 2 + (bytes[1] ?? 0)).includes(2)
        step = login ? 'login' : 'request'
        client.write(Uint8Array.of(5, login ? 2 : 0))
      } else if (step === 'login') {
        const nameEnd = 2 + (bytes[1] ?? 0)
        log.push(`${bytes.toString('latin1', 2, nameEnd)}:${bytes.toString('latin1', nameEnd + 1)}`)
        step = 'request'
        client.write(Uint8Array.of(1, 0))
      } else {
        client.off('data', onData)
        client.pause()
        const [name, port] = address(bytes)
        log.push(`${name}:${String(port)}`)
        const host = name === 'server.test' ? '127.0.0.1' : name
        connect(host, port, client, () => client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)))
      }
    }
    client.on('data', onData)
  })
  return { ...(await listen(server)), log }
}

function address(bytes: Buffer): readonly [name: string, port: number] {
  const size = bytes[3] === 3 ? (bytes[4] ?? 0) : 4
  const at = bytes[3] === 3 ? 5 : 4
  const raw = bytes.subarray(at, at + size)
  return [bytes[3] === 3 ? raw.toString() : raw.join('.'), bytes.readUInt16BE(at + size)]
}

function connect(host: string, port: number, client: Duplex, onOpen: () => void): void {
  const upstream = net.connect(port, host, () => {
    onOpen()
    upstream.pipe(client)
    client.pipe(upstream)
  })
  upstream.on('error', () => client.destroy())
  client.on('close', () => upstream.destroy())
}
