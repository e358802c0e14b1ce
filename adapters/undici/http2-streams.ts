/**
 * What undici does not do for HTTP/2, on the session that it keeps to itself.
 *
 * When undici gives a request up it closes the stream, and Node then tells the server that the body has
 * come to its end (END_STREAM) before it takes the request back (RST_STREAM): half a body would look
 * like a whole one. A stream that is destroyed is reset and says nothing else.
 */
import { ConnectionError } from '../../src/errors.ts'
import { http2Fields } from './http2-fields.ts'
import type { SentFields } from './http2-fields.ts'
import { NotSent, SentTwice } from './repetition.ts'
import type { Client, DispatchOptions } from './shims.ts'
import type { Job, Slot } from './slot.ts'

interface HTTP2Stream {
  /** By whichever side. */
  readonly closed: boolean
  /** A property, which is replaced. */
  push: (chunk: unknown, encoding?: string) => boolean
  destroy(error: Error): unknown
  removeAllListeners(event: 'trailers'): unknown
}

type GoAway = (this: HTTP2Session, code: number, lastStream: number, data: unknown) => void

interface HTTP2Session {
  /** No new streams: it has been closed, or the server has said GOAWAY. */
  readonly closed: boolean
  readonly destroyed: boolean
  request(fields: SentFields, options: unknown): HTTP2Stream
  listeners(event: 'goaway'): GoAway[]
  removeAllListeners(event: 'goaway'): unknown
  on(event: 'goaway', listener: GoAway): unknown
  on(event: 'remoteSettings', listener: (settings: Settings) => void): unknown
  prependListener(event: 'close', listener: () => void): unknown
  readonly remoteSettings?: Settings
}

interface Settings {
  readonly maxConcurrentStreams?: number
}

/** What carries one request; made in `onConnect`, after which undici opens the stream without a
 *  turn of the event loop in between. */
export class HTTP2Carrier {
  readonly method: string
  readonly #client: Client
  #stream: HTTP2Stream | null = null
  #isOpen: boolean
  #isCut: boolean | null = null

  /** @param hasBody more than undici writes in one go. */
  constructor(slot: Slot, method: string, hasBody: boolean) {
    this.method = method
    this.#client = slot.client
    this.#isOpen = hasBody
    const session = sessionOf(slot.client)
    if (session === null) return
    if (!waiting.has(session)) watchSession(session, slot)
    waiting.set(session, this)
  }

  /** The answer has ended without END_STREAM (RFC 9113 §8.1): with the codes NO_ERROR and CANCEL, a
   *  stream that is reset looks to its reader like one that has come to its end. */
  get isCut(): boolean {
    return this.#isCut === true
  }

  carry(stream: HTTP2Stream): void {
    this.#stream = stream
    const push = stream.push.bind(stream)
    stream.push = (chunk, encoding) => {
      if (chunk === null) this.#isCut ??= stream.closed
      return push(chunk, encoding)
    }
    // Undici takes trailers for the end, while what came before them may still wait to be read.
    queueMicrotask(() => {
      stream.removeAllListeners('trailers')
    })
  }

  /** All of the body has been handed over. */
  done(): void {
    this.#isOpen = false
  }

  /** The body will not be complete, and the server has to see that. */
  giveUp(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const error = new ConnectionError('The body of the request was given up.')
    if (this.#stream !== null) this.#stream.destroy(error)
    // Better no connection than half a request that looks whole.
    else void this.#client.destroy(error)
  }
}

/** A connection may take no new requests a moment before undici learns of it, and the first one may
 *  speak another version than it was thought to. @throws NotSent */
export function checkSlot(slot: Slot, { isForHTTP2, options }: Job): void {
  if (slot.http2 !== isForHTTP2 && isDisguised(options)) throw new NotSent()
  const session = slot.http2 ? sessionOf(slot.client) : null
  if (session?.closed !== true && session?.destroyed !== true) return
  slot.origin.retire(slot)
  throw new NotSent()
}

/** Methods that undici measures the bodies of. For others it has no length, and fails the process. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** Whether undici has to take the method for another one: its carrier puts the true one back. */
function isDisguised({ method, body }: Pick<DispatchOptions, 'method' | 'body'>): boolean {
  return body !== null && !WITH_BODY.has(method)
}

export function http2Options(options: DispatchOptions): DispatchOptions {
  const method = isDisguised(options) ? 'POST' : options.method
  // What undici would keep back until all others are answered; no request is sent twice for it.
  return { ...options, method, idempotent: true }
}

/** Of the next stream of a session. */
const waiting = /* @__PURE__ */ new WeakMap<HTTP2Session, HTTP2Carrier>()

function watchSession(session: HTTP2Session, slot: Slot): void {
  watchStreams(session)
  leaveInPeace(session, slot)
  keepLimit(session, slot)
  explainEnd(session)
}

function sessionOf(client: Client): HTTP2Session | null {
  const symbol = symbolOf(client, 'http2Session')
  // Holds for undici 7, where it is null until the connection is there.
  return symbol === undefined ? null : (Reflect.get(client, symbol) as HTTP2Session | null)
}

/** By its description: the package, its bundle and its public entry have each their own. */
function symbolOf(target: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(target).find((symbol) => symbol.description === description)
}

function watchStreams(session: HTTP2Session): void {
  const request = session.request.bind(session)
  session.request = (fields, options) => {
    const carrier = waiting.get(session)
    const { method } = carrier ?? {}
    const stream = request(
      http2Fields(method === undefined ? fields : { ...fields, ':method': method }),
      options,
    )
    carrier?.carry(stream)
    return stream
  }
}

/** RFC 9113 §5.1.2: what is beyond the limit would wait inside of the session, where it looks sent. */
function keepLimit(session: HTTP2Session, slot: Slot): void {
  session.on('remoteSettings', ({ maxConcurrentStreams = ASSUMED }) => {
    slot.origin.limit(slot, maxConcurrentStreams)
  })
  // It may have said so already.
  const { maxConcurrentStreams: said = ASSUMED } = session.remoteSettings ?? {}
  if (said < ASSUMED) slot.origin.limit(slot, said)
}

/** By undici, before a server has said anything. */
const ASSUMED = 100

/**
 * RFC 9113 §6.8: a server that goes away still answers what it has taken on. Undici cuts the connection
 * at once, and with it the requests that are under way.
 */
function leaveInPeace(session: HTTP2Session, slot: Slot): void {
  const cut = session.listeners('goaway')
  session.removeAllListeners('goaway')
  session.on('goaway', (code, lastStream, data) => {
    slot.origin.retire(slot)
    if (code !== 0) for (const each of cut) each.call(session, code, lastStream, data)
  })
}

/** Deno tells of the end of the socket before that of the session, when undici asks the socket that it
 *  has let go for a reason, and fails the process; where the session has one, it does not. */
function explainEnd(session: HTTP2Session): void {
  const place = symbolOf(session, 'socket')
  const socket: unknown = place === undefined ? null : Reflect.get(session, place)
  if (typeof socket !== 'object' || socket === null) return
  const reason = symbolOf(socket, 'error')
  if (reason === undefined) return
  session.prependListener('close', () => {
    Reflect.set(session, reason, new SentTwice('The connection was closed.'))
  })
}
