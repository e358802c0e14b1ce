/** A body of text as Bun's `fetch` takes it (1.4): shared, where bytes are copied. */
import { TextSource } from '../../src/body/source.ts'
import { findHeader } from '../../src/header-list.ts'
import type { BodySource, WireRequest } from '../../src/ports.ts'
import type { Carrier } from '../fetch/dialect.ts'
import { AT_ONCE } from '../fetch/send.ts'
import { buffers } from '../node/buffer.ts'

/** Bun encodes it like a TextEncoder, lone surrogates and marks of byte order included. One without a
 *  Content-Type would get Bun's own. */
export function textCarrier(request: WireRequest, body: BodySource): Carrier | null {
  if (!(body instanceof TextSource) || request.onSent !== null) return null
  if (findHeader(request.headers, 'content-type') === null) return null
  const { text } = body
  const bytes = buffers().byteLength(text)
  if (bytes > AT_ONCE) return null
  request.deadline.sent = bytes
  return { body: text, headers: [], init: {}, whole: true }
}
