/** A raw listener: records the exact bytes of requests, plays scripted answers of any malformation. */
import { randomUUID } from 'node:crypto'
import { Server } from 'node:net'
import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Answer, Piece, Script } from '../harness/recorder.ts'
import type { Identity } from './certificates.ts'
import { corsFields, preflightFields } from './cors.ts'
import type { WithHeaders } from './cors.ts'
import { listen } from './listeners.ts'
import { RequestParser } from './request-parser.ts'
import { PlayedScript } from './script.ts'
import type { Recorded } from './script.ts'

export interface Recorder {
  readonly port: number
  /** The same scripts over TLS. */
  readonly tlsPort: number
  record(script: Script): { readonly id: string; readonly url: string; readonly tlsUrl: string }
  find(id: string): PlayedScript | undefined
  close(): Promise<void>
}

/** One connection while it is open. */
interface Connection {
  readonly id: number
  readonly socket: Socket
  readonly scripts: ReadonlyMap<string, PlayedScript>
  readonly recorded: { readonly script: PlayedScript; readonly request: Recorded }[]
  /** Answers follow each other, also when the requests were pipelined. */
  turn: Promise<void>
  hung: boolean
}

const MAX_SCRIPTS = 2000
const LIMIT_MS = 120_000

export async function listenRecorder({ cert, key }: Identity): Promise<Recorder> {
  const scripts = new Map<string, PlayedScript>()
  const server = new Server({ allowHalfOpen: true, noDelay: true })
  let lastConnection = 0
  const start = (socket: Socket): void => {
    const id = ++lastConnection
    serve({ id, socket, scripts, recorded: [], turn: Promise.resolve(), hung: false })
  }
  server.on('connection', start)
  const secure = createTlsServer({ cert, key, ALPNProtocols: ['http/1.1'], allowHalfOpen: true })
  secure.on('secureConnection', start)
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  const listener = await listen(server)
  const secureListener = await listen(secure)
  return {
    ...listener,
    tlsPort: secureListener.port,
    async close() {
      await Promise.all([listener.close(), secureListener.close()])
    },
    record(script) {
      const id = randomUUID().slice(0, 13)
      const [oldest] = scripts.keys()
      if (scripts.size >= MAX_SCRIPTS && oldest !== undefined) scripts.delete(oldest)
      scripts.set(id, new PlayedScript(script))
      const path = `/r/${id}`
      return {
        id,
        url: `http://127.0.0.1:${String(listener.port)}${path}`,
        tlsUrl: `https://localhost:${String(secureListener.port)}${path}`,
      }
    },
    find: (id) => scripts.get(id),
  }
}

function serve(connection: Connection): void {
  const { socket } = connection
  let reader = startRequest(connection)
  socket.on('data', (bytes: Buffer) => {
    let rest = reader(bytes)
    while (rest !== null) {
      reader = startRequest(connection)
      rest = rest.length === 0 ? null : reader(rest)
    }
  })
  socket.once('end', () => {
    markClosed(connection, 'end')
    // The other half stays open for as long as an answer is being sent.
    connection.turn = connection.turn.then(() => {
      socket.end()
    })
  })
  socket.on('error', () => {
    markClosed(connection, 'reset')
  })
  socket.once('close', () => {
    markClosed(connection, 'server')
  })
}

/** Reads one request; the function takes bytes and gives what is left over after its end, or null. */
function startRequest(connection: Connection): (bytes: Buffer) => Buffer | null {
  const parser = new RequestParser()
  let pending: Answering | null = null
  return (bytes) => {
    if (parser.broken) return null
    const rest = parser.feed(bytes)
    if (parser.headComplete && !(parser.broken && pending === null)) {
      pending ??= begin(connection, parser)
      pending.progress()
    }
    // Where it ends cannot be known any more; an answer that is being sent is finished first.
    if (parser.broken) enqueue(connection, async () => void connection.socket.destroy())
    return parser.complete ? rest : null
  }
}

/** A request whose head is there, until its answer has started. */
interface Answering {
  progress(): void
}

function begin(connection: Connection, parser: RequestParser): Answering {
  const [method = '', target = ''] = parser.headText.split(/[ \r]/, 2)
  const preflight = preflightFields(method, fieldsOf(parser))
  const id = /\/r\/([^/?#]+)/.exec(target)?.[1] ?? ''
  const script = connection.scripts.get(id)
  if (preflight !== null || script === undefined) {
    const status = preflight === null ? '404 Not Found' : '204 No Content'
    const fields = [...(preflight ?? []), ['Content-Length', '0']] as const
    // RFC 9110 §8.6: no Content-Length with 204.
    const sent = preflight ?? fields
    const text = `HTTP/1.1 ${status}\r\n${sent.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    return startWhen(
      () => parser.complete,
      () => {
        enqueue(connection, async () => write(connection.socket, Buffer.from(text)))
      },
    )
  }
  const request: Recorded = { parser, connection: connection.id, closed: 'open' }
  script.recorded.push(request)
  connection.recorded.push({ script, request })
  const answer = script.nextAnswer()
  const answering = startWhen(
    () => isDue(answer, parser),
    () => {
      enqueue(connection, async () => play(connection, { answer, script, parser }))
    },
  )
  return {
    progress() {
      script.changed()
      answering.progress()
    },
  }
}

function startWhen(due: () => boolean, start: () => void): Answering {
  let started = false
  return {
    progress() {
      if (started || !due()) return
      started = true
      start()
    },
  }
}

function isDue({ after = 'body' }: Answer, parser: RequestParser): boolean {
  if (after === 'head') return true
  if (parser.complete) return true
  return after !== 'body' && parser.bodyLength >= Number(after.slice('bytes:'.length))
}

function enqueue(connection: Connection, task: () => Promise<void>): void {
  connection.turn = connection.turn.then(async () => {
    if (connection.hung) return
    try {
      await task()
    } catch {
      // Nobody is left to be told: the connection is the only one concerned.
      connection.socket.destroy()
    }
  })
}

interface Playing {
  readonly answer: Answer
  readonly script: PlayedScript
  readonly parser: RequestParser
}

async function play(connection: Connection, { answer, script, parser }: Playing): Promise<void> {
  const { socket } = connection
  const gone = (): boolean => socket.destroyed
  let cors = script.verbatim ? '' : corsText(parser)
  for (const piece of listOf(answer.send)) {
    if (gone()) return
    if (typeof piece === 'string') {
      const text = insertFields(piece, cors)
      if (text !== piece) cors = ''
      await write(socket, Buffer.from(text))
    } else if ('base64' in piece) await write(socket, Buffer.from(piece.base64, 'base64'))
    else if ('repeat' in piece) await writeRepeated(socket, piece.repeat, piece.times)
    else if ('delay' in piece) await pause(socket, piece.delay)
    else await script.passGate(gone, LIMIT_MS)
  }
  finish(connection, answer.then ?? 'keep')
}

function finish(connection: Connection, then: NonNullable<Answer['then']>): void {
  const { socket } = connection
  if (then === 'end') {
    markClosed(connection, 'server')
    socket.end()
    // A client that never closes its half would keep the socket for ever.
    setTimeout(() => socket.destroy(), 5000).unref()
  } else if (then === 'reset') {
    markClosed(connection, 'server')
    socket.resetAndDestroy()
  } else if (then === 'hang') connection.hung = true
}

function listOf(send: Answer['send'] = []): readonly Piece[] {
  return typeof send === 'string' || !('length' in send) ? [send] : send
}

/** After the status line of the first final answer (1xx are interim, RFC 9110 §15.2). */
function insertFields(text: string, fields: string): string {
  const line = /(^|\r\n\r\n)(HTTP\/1\.[01] [2-5]\d\d[^\r\n]*\r\n)/.exec(text)
  if (fields === '' || line === null) return text
  const at = line.index + line[0].length
  return text.slice(0, at) + fields + text.slice(at)
}

function corsText(parser: RequestParser): string {
  const names = ['content-type', 'content-encoding', 'content-length', 'content-range', 'location']
  const more = ['link', 'etag', 'last-modified', 'retry-after', 'x-a', 'x-b']
  const exposed = [...names, ...more].map((name) => [name, ''] as const)
  return corsFields(fieldsOf(parser), exposed)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}

function fieldsOf(parser: RequestParser): WithHeaders {
  const names = ['origin', 'access-control-request-method', 'access-control-request-headers']
  return {
    headers: Object.fromEntries(names.map((name) => [name, parser.field(name) ?? undefined])),
  }
}

function markClosed({ recorded }: Connection, closed: Recorded['closed']): void {
  for (const { script, request } of recorded) {
    if (request.closed === 'open') request.closed = closed
    script.changed()
  }
}

/** Resolves when the kernel has the bytes or nobody wants them any more. */
async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed || bytes.length === 0) return
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      socket.off('close', finish)
      resolve()
    }
    socket.once('close', finish)
    socket.write(bytes, finish)
  })
}

async function writeRepeated(socket: Socket, text: string, times: number): Promise<void> {
  const perBlock = Math.max(1, Math.floor(65536 / Math.max(1, text.length)))
  const block = Buffer.from(text.repeat(Math.min(perBlock, times)))
  for (let left = times; left > 0 && !socket.destroyed; left -= perBlock) {
    await write(socket, left >= perBlock ? block : Buffer.from(text.repeat(left)))
  }
}

async function pause(socket: Socket, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      socket.off('close', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    socket.once('close', finish)
  })
}
