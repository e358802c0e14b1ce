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
import type { Client } from './shims.ts'
import type { Slot } from './slot.ts'

interface HTTP2Stream {
  destroy(error: Error): unknown
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
}

/** What carries one body; made in `onConnect`, after which undici opens the stream without a
 *  turn of the event loop in between. */
export class HTTP2Carrier {
  readonly #client: Client
  #stream: HTTP2Stream | null = null
  #isOpen: boolean

  /** @param hasBody more than undici writes in one go. */
  constructor(slot: Slot, hasBody: boolean) {
    this.#client = slot.client
    this.#isOpen = hasBody
    onNextStream(slot, (stream) => {
      this.#stream = stream
    })
  }

  /** All of the body has been handed over. */
  done(): void {
    this.#isOpen = false
  }

  /** The body will not be complete, and the server has to see that. */
  cut(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const error = new ConnectionError('The body of the request was given up.')
    if (this.#stream !== null) this.#stream.destroy(error)
    // Better no connection than half a request that looks whole.
    else void this.#client.destroy(error)
  }
}

/** A connection may take no new requests a moment before undici learns of it. @throws NotSent */
export function refuseLeaving(slot: Slot): void {
  const session = sessionOf(slot.client)
  if (session?.closed !== true && session?.destroyed !== true) return
  slot.origin.retire(slot)
  throw new NotSent()
}

/** Who is told of the next stream of a session. */
const waiting = /* @__PURE__ */ new WeakMap<HTTP2Session, (stream: HTTP2Stream) => void>()

function onNextStream(slot: Slot, found: (stream: HTTP2Stream) => void): void {
  const session = sessionOf(slot.client)
  if (session === null) return
  if (!waiting.has(session)) {
    watchStreams(session)
    leaveInPeace(session, slot)
  }
  waiting.set(session, found)
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
    const stream = request(http2Fields(fields), options)
    waiting.get(session)?.(stream)
    return stream
  }
}

/**
 * RFC 9113 §6.8: a server that goes away still answers what it has taken on. Undici cuts the connection
 * at once, and with it the requests that are under way.
 */
function leaveInPeace(session: HTTP2Session, slot: Slot): void {
  const cut = session.listeners('goaway')
  session.removeAllListeners('goaway')
  session.on('goaway', (code, lastStream, data) => {
    explainEnd(session)
    slot.origin.retire(slot)
    if (code !== 0) for (const each of cut) each.call(session, code, lastStream, data)
  })
}

/** Deno tells of the end of the socket before that of the session, when undici asks the socket that it
 *  has let go for a reason; where the session has one, it does not. */
function explainEnd(session: HTTP2Session): void {
  const place = symbolOf(session, 'socket')
  const socket: unknown = place === undefined ? null : Reflect.get(session, place)
  if (typeof socket !== 'object' || socket === null) return
  const reason = symbolOf(socket, 'error')
  if (reason !== undefined) Reflect.set(session, reason, new SentTwice('The server goes away.'))
}
