/** Responses of cross-fetch, in the shape of the standard: their bodies and headers have others. */
import { viewBytes } from '../../src/as-bytes.ts'
import { webType } from '../../src/web.ts'

/** A Node stream, as node-fetch has for a body: of another realm perhaps, so asked by its shape. */
interface NodeStream {
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>
  resume(): void
}
/** Headers of node-fetch: `raw` alone keeps repeated fields apart. */
interface RawHeaders {
  raw(): Readonly<Record<string, readonly string[]>>
}

export function adaptResponse(response: Response): Response {
  const body: unknown = response.body
  if (typeof body === 'object' && body !== null && 'getReader' in body) return response
  const adapted = {
    status: response.status,
    statusText: response.statusText,
    url: response.url,
    redirected: response.redirected,
    type: 'default',
    headers: adaptHeaders(response.headers),
    body: isNodeStream(body) ? fromNode(body) : fromBuffer(response),
    arrayBuffer: () => response.arrayBuffer(),
  }
  // Just what our own `send` reads of a Response; it goes nowhere else.
  return adapted as unknown as Response
}

function adaptHeaders(headers: Headers): Pick<Headers, 'forEach' | 'get' | 'has'> {
  if (!hasRaw(headers)) return headers
  const raw = headers.raw()
  return {
    get: (name) => headers.get(name),
    has: (name) => headers.has(name),
    forEach: (callback) => {
      for (const [name, values] of Object.entries(raw)) {
        for (const value of values) callback(value, name, headers)
      }
    },
  }
}

function hasRaw(headers: object): headers is RawHeaders {
  return 'raw' in headers && typeof headers.raw === 'function'
}

function isNodeStream(body: unknown): body is NodeStream {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

function fromNode(body: NodeStream): ReadableStream<Uint8Array> | null {
  const chunks = body[Symbol.asyncIterator]()
  return makeStream({
    async pull(controller) {
      const step = await chunks.next()
      if (step.done === true) controller.close()
      // A view of this realm: a Buffer may come from another one.
      else controller.enqueue(viewBytes(step.value))
    },
    // Let run out, not destroyed: a body that is empty frees its connection only at its end. One
    // that is not is aborted together with its request.
    cancel: () => body.resume(),
  })
}

/** XMLHttpRequest gives a body when it is complete, and not before. */
function fromBuffer(response: Response): ReadableStream<Uint8Array> | null {
  return makeStream({
    async pull(controller) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}

function makeStream(
  source: UnderlyingDefaultSource<Uint8Array>,
): ReadableStream<Uint8Array> | null {
  const Stream = webType('ReadableStream')
  return Stream === undefined ? null : new Stream(source, { highWaterMark: 0 })
}
