/**
 * The HTTP/2 stream of a request, which undici keeps to itself. When undici gives a request up it
 * closes the stream, and Node then tells the server that the body has come to its end (END_STREAM)
 * before it takes the request back (RST_STREAM): half a body would look like a whole one. A stream
 * that is destroyed is reset and says nothing else.
 */
import { ConnectionError } from '../../src/errors.ts'
import type { Client } from './shims.ts'

interface HTTP2Stream {
  destroy(error: Error): unknown
}

interface HTTP2Session {
  request(headers: unknown, options: unknown): HTTP2Stream
}

/** What carries one body; made in `onConnect`, after which undici opens the stream without a
 *  turn of the event loop in between. */
export class HTTP2Carrier {
  readonly #client: Client
  #stream: HTTP2Stream | null = null
  #isOpen: boolean

  /** @param hasBody more than undici writes in one go. */
  constructor(client: Client, hasBody: boolean) {
    this.#client = client
    this.#isOpen = hasBody
    onNextStream(client, (stream) => {
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

/** Who is told of the next stream of a session. */
const waiting = /* @__PURE__ */ new WeakMap<HTTP2Session, (stream: HTTP2Stream) => void>()

function onNextStream(client: Client, found: (stream: HTTP2Stream) => void): void {
  const session = sessionOf(client)
  if (session === null) return
  if (!waiting.has(session)) watchStreams(session)
  waiting.set(session, found)
}

/** By the symbol's description: the package, its bundle and its public entry have each their own. */
function sessionOf(client: Client): HTTP2Session | null {
  for (const symbol of Object.getOwnPropertySymbols(client)) {
    if (symbol.description !== 'http2Session') continue
    // Holds for undici 7, where it is null until the connection is there.
    return Reflect.get(client, symbol) as HTTP2Session | null
  }
  return null
}

function watchStreams(session: HTTP2Session): void {
  const request = session.request.bind(session)
  session.request = (headers, options) => {
    const stream = request(headers, options)
    waiting.get(session)?.(stream)
    return stream
  }
}
