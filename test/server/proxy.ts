/** A forward proxy: absolute-form targets and CONNECT, a log of what it saw; it never leaves loopback. */
import { createServer, request as forwardRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { corsFields, preflightFields } from './cors.ts'
import { digestChallenge, digestProblem, readDigest } from './digest.ts'
import { listen } from './listeners.ts'
import type { Listener } from './listeners.ts'

export interface ProxyRequest {
  readonly sequence: number
  readonly proxy: string
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Of Proxy-Authorization, when there was one. */
  readonly user: string | null
  readonly connection: number
}

/** What all proxies have seen, the last thousand requests. */
export class ProxyLog {
  readonly #requests: ProxyRequest[] = []
  readonly #connections = new WeakMap<object, number>()
  #sequence = 0
  #lastConnection = 0

  add(proxy: string, request: IncomingMessage): void {
    const { rawHeaders, socket } = request
    const headers: [string, string][] = []
    for (let at = 0; at + 1 < rawHeaders.length; at += 2)
      headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
    let connection = this.#connections.get(socket)
    if (connection === undefined) {
      connection = ++this.#lastConnection
      this.#connections.set(socket, connection)
    }
    this.#requests.push({
      sequence: ++this.#sequence,
      proxy,
      method: request.method ?? '',
      target: request.url ?? '',
      headers,
      user: userOf(request),
      connection,
    })
    if (this.#requests.length > 1000) this.#requests.shift()
  }

  /** A connection that was asked for in another language than HTTP. */
  note(request: Omit<ProxyRequest, 'sequence' | 'connection' | 'headers'>): void {
    this.#lastConnection += 1
    const rest = { sequence: ++this.#sequence, connection: this.#lastConnection, headers: [] }
    this.#requests.push({ ...request, ...rest })
  }

  /** Those whose target or user contains `text`, after the one numbered `since`. */
  find(text: string, since: number): readonly ProxyRequest[] {
    return this.#requests.filter(
      ({ sequence, target, user }) =>
        sequence > since && (target.includes(text) || (user?.includes(text) ?? false)),
    )
  }
}

export interface ProxyOptions {
  readonly name: string
  readonly log: ProxyLog
  /** Asked of every client, whoever he says he is; null lets everybody in. */
  readonly password: string | null
  /** Digest instead of Basic: each nonce is stale after so many uses. */
  readonly digestUses?: number
}

/** RFC 9110 §7.6.1, and what belongs to the proxy alone. */
const HOP_BY_HOP = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

export async function listenProxy(options: ProxyOptions): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    forward(request, response, options)
  })
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    tunnel(request, client, head, options)
  })
  server.on('clientError', (error, socket) => socket.destroy())
  return listen(server)
}

function forward(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): void {
  const preflight = preflightFields(request.method ?? '', request)
  if (preflight !== null) {
    response.writeHead(204, Object.fromEntries(preflight)).end()
    return
  }
  options.log.add(options.name, request)
  const refusal = refusalOf(request, options)
  if (refusal !== null) {
    refuse(request, response, refusal)
    return
  }
  const target = new URL(request.url ?? '')
  const outgoing = forwardRequest({
    host: '127.0.0.1',
    port: target.port === '' ? 80 : Number(target.port),
    method: request.method,
    path: target.pathname + target.search,
    headers: [...endToEnd(request.rawHeaders), 'Via', '1.1 ubiquest-test'],
    agent: false,
  })
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy()
    else refuse(request, response, { status: 502, challenge: null })
  })
  outgoing.on('response', (answer) => {
    answer.on('error', () => response.destroy())
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, [
      ...endToEnd(answer.rawHeaders),
      'Via',
      '1.1 ubiquest-test',
    ])
    answer.pipe(response)
  })
  response.once('close', () => outgoing.destroy())
  request.pipe(outgoing)
}

function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  options: ProxyOptions,
): void {
  client.on('error', () => undefined)
  options.log.add(options.name, request)
  const refusal = refusalOf(request, options)
  if (refusal !== null) {
    const { status, challenge } = refusal
    const field = challenge === null ? '' : `Proxy-Authenticate: ${challenge}\r\n`
    client.end(`HTTP/1.1 ${String(status)} Refused\r\n${field}Content-Length: 0\r\n\r\n`)
    return
  }
  const port = Number((request.url ?? '').split(':').at(-1))
  const upstream: Socket = connect({ host: '127.0.0.1', port })
  let connected = false
  upstream.once('connect', () => {
    connected = true
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    upstream.write(head)
    upstream.pipe(client)
    client.pipe(upstream)
  })
  upstream.on('error', () => {
    if (connected) client.destroy()
    else client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
  })
  upstream.once('close', () => {
    if (connected) client.destroy()
  })
  client.once('close', () => upstream.destroy())
}

interface Refusal {
  readonly status: number
  readonly challenge: string | null
}

function refusalOf(request: IncomingMessage, options: ProxyOptions): Refusal | null {
  const challenge = challengeOf(request, options)
  if (challenge !== null) return { status: 407, challenge }
  const target = request.url ?? ''
  const isFine =
    request.method === 'CONNECT'
      ? /^(?:\[[0-9a-f:]+\]|[^:]+):\d{1,5}$/i.test(target)
      : target.startsWith('http://') && URL.canParse(target)
  return isFine ? null : { status: 400, challenge: null }
}

/** Null for those who may go on. */
function challengeOf(
  request: IncomingMessage,
  { password, digestUses }: ProxyOptions,
): string | null {
  if (password === null) return null
  if (digestUses === undefined) {
    return credentialsOf(request)?.[1] === password ? null : 'Basic realm="ubiquest proxy"'
  }
  const given = readDigest(request.headers['proxy-authorization'] ?? '')
  const demand = {
    ...{ user: given['username'] ?? '', password, algorithm: 'SHA-256', qop: 'auth' },
    ...{ userhash: false, uses: digestUses },
  }
  const asked = { method: request.method ?? '', target: request.url ?? '', body: Buffer.alloc(0) }
  const problem = digestProblem(given, asked, demand)
  return problem === null ? null : digestChallenge(demand, problem === 'stale')
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, challenge }: Refusal,
): void {
  const fields: [string, string][] = [['Content-Length', '0']]
  if (challenge !== null) fields.push(['Proxy-Authenticate', challenge])
  request.resume()
  response.writeHead(status, Object.fromEntries([...fields, ...corsFields(request, fields)])).end()
}

function credentialsOf(request: IncomingMessage): [user: string, password: string] | null {
  const encoded = /^Basic (.+)$/i.exec(request.headers['proxy-authorization'] ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function userOf(request: IncomingMessage): string | null {
  const header = request.headers['proxy-authorization'] ?? ''
  if (/^digest /i.test(header)) return readDigest(header)['username'] ?? null
  return credentialsOf(request)?.[0] ?? null
}

/** Node frames the message anew, so Content-Length may stay and Transfer-Encoding must go. */
function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, raw[at + 1] ?? '')
  }
  return kept
}
