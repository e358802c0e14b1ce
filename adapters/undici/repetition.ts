/** What may be sent again without asking, and what must not. */
import type { WireRequest } from '../../src/ports.ts'

/** RFC 9110 §9.2.2: may be repeated without asking. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

export function isRepeatable({ method, body }: WireRequest): boolean {
  return IDEMPOTENT.has(method) && (body === null || body.replayable)
}

/** RFC 9113 §8.7: the server has done nothing with the request, whatever its method is. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NGHTTP2_REFUSED_STREAM')
}

/** It was under way when its connection was lost, and nobody knows what has come of it. */
export class SentTwice extends Error {
  readonly code = 'UND_ERR_SOCKET'
}

/** Its connection takes no more requests: it belongs on another one. */
export class NotSent extends Error {}

/** Its stream was taken back in the middle of the answer. */
export class StreamCut extends Error {
  readonly code = 'ERR_HTTP2_STREAM_ERROR'
  constructor() {
    super('The server reset the stream.')
  }
}
