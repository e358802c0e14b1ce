/** How the browser dialect carries bodies, and what it refuses. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserDialect } from '../../../../adapters/browser/dialect.ts'
import { streamsRequests } from '../../../../adapters/browser/request-streams.ts'
import { Upload } from '../../../../adapters/fetch/upload.ts'
import { UnsupportedError } from '../../../../src/errors.ts'
import type { BodyPiece } from '../../../../src/ports.ts'
import { bytesPiece, streamPiece, wireRequest } from '../fetch/fixtures.ts'

const watch = { asked: () => undefined, sent: () => undefined, failed: () => undefined }
const upload = (pieces: readonly BodyPiece[], length: number | null): Upload =>
  new Upload({ length, pieces, close: () => undefined }, watch)

async function* chunks(): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(1)
}

test('pieces around a Blob become one Blob, in order and without a type', async () => {
  const blob = new Blob(['file'], { type: 'text/x' })
  const pieces = [bytesPiece('head '), { kind: 'blob', blob } as const, bytesPiece(' tail')]
  const request = wireRequest('POST', 'http://example.test/')
  const { body, whole } = await browserDialect.uploadBody(upload(pieces, 14), request)
  assert.ok(body instanceof Blob)
  assert.deepEqual([await body.text(), body.type, whole], ['head file tail', '', true])
})

test('a stream over http is refused: browsers send one over HTTP/2 only', async () => {
  const request = wireRequest('POST', 'http://example.test/')
  const send = async (): Promise<unknown> =>
    browserDialect.uploadBody(upload([streamPiece(chunks(), null)], null), request)
  await assert.rejects(send, UnsupportedError)
})

test('a stream over https goes where the engine asks for duplex', async () => {
  assert.equal(streamsRequests(), true)
  const request = wireRequest('POST', 'https://example.test/')
  const carrier = await browserDialect.uploadBody(
    upload([streamPiece(chunks(), null)], null),
    request,
  )
  assert.ok(carrier.body instanceof ReadableStream)
  assert.deepEqual([carrier.init, carrier.whole], [{ duplex: 'half' }, false])
})

test('init is sparse, and of the standard', () => {
  const init = { cache: 'no-store', bogus: 1, mode: undefined }
  const request = wireRequest('GET', 'http://example.test/', { init, credentials: 'include' })
  assert.deepEqual(browserDialect.init(request, {}), { cache: 'no-store', credentials: 'include' })
})

test('a hidden redirect and a forbidden method are refused', () => {
  const manual = wireRequest('GET', 'http://example.test/', { redirect: 'manual' })
  assert.throws(() => browserDialect.refuse(manual), UnsupportedError)
  const trace = wireRequest('TRACE', 'http://example.test/', { redirect: 'follow' })
  assert.throws(() => browserDialect.refuse(trace), UnsupportedError)
})

test('a Content-Length across origins proves nothing: the coding may be hidden', () => {
  const basic = { type: 'basic' } as Response
  const cors = { type: 'cors' } as Response
  assert.equal(browserDialect.lengthHolds(basic, []), true)
  assert.equal(browserDialect.lengthHolds(basic, ['gzip']), false)
  assert.equal(browserDialect.lengthHolds(cors, []), false)
})
