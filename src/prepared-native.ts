/** A prepared request as a native Request (layer 2), for service workers, caches and handlers. */
import { allHeaders } from './prepared-curl.ts'
import type { BodySource } from './ports.ts'
import { bytesAtHand, readPieces } from './prepared-body.ts'
import type { PreparedInit } from './prepared-init.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

/** @throws UnsupportedError where a native Request cannot be what this one is */
export function nativeRequest(request: PreparedInit): globalThis.Request {
  const Native = webType('Request')
  const { method, url, body } = request
  if (Native === undefined) throw unsupported('toRequest()', 'this engine', 'Use send().')
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(`A native ${method} Request with a body`, 'any engine', 'Use send() or POST.')
  }
  const headers = allHeaders(request).map(([name, value]): [string, string] => [name, value])
  return new Native(url.href, { method, headers, ...nativeBody(body) })
}

function nativeBody(body: BodySource | null): RequestInit {
  if (body === null) return {}
  const bytes = bytesAtHand(body)
  // Bodies are never on shared memory, which the type allows.
  if (bytes !== null) return { body: bytes as Uint8Array<ArrayBuffer> }
  // `duplex` is demanded by Fetch for streams and missing in the types of the DOM.
  return { body: streamOf(body), duplex: 'half' } as RequestInit
}

function streamOf(body: BodySource): ReadableStream<Uint8Array> {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) throw unsupported('toRequest()', 'this engine', 'Use send().')
  let pieces: AsyncGenerator<Uint8Array, void> | null = null
  return new Stream<Uint8Array>(
    {
      async pull(controller) {
        pieces ??= readPieces(body)
        const { done, value } = await pieces.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces?.return()
      },
    },
    { highWaterMark: 0 },
  )
}
