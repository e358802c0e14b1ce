/** What carries a body in browsers: bytes, a Blob, or a stream where the engine can send one. */
import type { WireRequest } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import { collectBlob, composeBlob } from '../fetch/blob-body.ts'
import type { Carrier } from '../fetch/dialect.ts'
import type { Upload } from '../fetch/upload.ts'
import { speaksHTTP1, streamsRequests } from './request-streams.ts'
import { noteStreamed } from './streamed.ts'

export function uploadBody(upload: Upload, request: WireRequest): Carrier | Promise<Carrier> {
  const bytes = upload.bytes()
  if (bytes !== null) return { body: bytes, whole: true }
  const blob = composeBlob(upload.pieces)
  if (blob !== null) return { body: blob, whole: true }
  const limit = request.bufferUpload ?? 0
  if (limit > 0) return collectBlob(upload, limit)
  const { protocol, origin } = request.url
  // Plain http is HTTP/1.1 in every browser.
  if (protocol === 'https:' && streamsRequests() && !speaksHTTP1(origin)) {
    noteStreamed(request)
    // Chromium ends the body of an aborted request as if it were complete (DATA with END_STREAM before
    // the reset), and complains of a rejection when the stream has failed before the abort.
    return { body: upload.stream(true), whole: false, init: { duplex: 'half' } }
  }
  throw unsupported(
    'Sending a stream',
    'browser',
    'Set `bufferUpload` to the bytes that may be collected first, or send a Blob or File.',
  )
}
