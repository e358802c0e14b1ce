/** How cross-fetch is used, in engines that have no `fetch` or no streams. */
import { concatBytes } from '../../src/bytes.ts'
import type { HeaderFields, WireRequest } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import { composeBlob } from '../fetch/blob-body.ts'
import { codingsOf } from '../fetch/coded.ts'
import type { Carrier, Dialect, FetchFunction, NativeInit } from '../fetch/dialect.ts'
import { pickInit } from '../fetch/native-init.ts'
import type { Upload } from '../fetch/upload.ts'
import { ponyfillCapabilities } from './capabilities.ts'
import { hasXHR } from './engine.ts'
import { translatePonyfillError } from './errors.ts'
import { loadFetch } from './load.ts'
import { usualDialect } from '../fetch/usual-dialect.ts'

export const ponyfillDialect: Dialect = {
  ...usualDialect,
  runtime: 'ponyfill',
  capabilities: ponyfillCapabilities,
  fetch: (): FetchFunction => async (url, init) => (await loadFetch())(url, init),
  refuse,
  init,
  uploadBody,
  undone,
  lengthHolds: (response) => !hasXHR() && !response.headers.has('content-encoding'),
  translateError: translatePonyfillError,
}

function refuse(request: WireRequest): void {
  const { method, body, redirect } = request
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(`A body with ${method}`, 'ponyfill', 'Use POST.')
  }
  if (hasXHR() && redirect !== 'follow') {
    throw unsupported('Not following a redirect', 'ponyfill', 'XMLHttpRequest always follows.')
  }
}

function init(request: WireRequest, init: NativeInit): NativeInit {
  pickInit(request.init, init)
  if (request.credentials !== null) init['credentials'] = request.credentials
  return init
}

function uploadBody(upload: Upload, request: WireRequest): Carrier | Promise<Carrier> {
  // No limit: these bytes are in memory already, and a stream is no way out here.
  const bytes = upload.bytes(Infinity)
  if (bytes !== null) return { body: bytes, whole: true }
  const blob = hasXHR() ? composeBlob(upload.pieces) : null
  if (blob !== null) return { body: blob, whole: true }
  const limit = request.bufferUpload ?? 0
  if (limit > 0) return collectBytes(upload, limit)
  throw unsupported(
    'Sending a stream',
    'ponyfill',
    'Set `bufferUpload` to the bytes that may be collected first.',
  )
}

async function collectBytes(upload: Upload, limit: number): Promise<Carrier> {
  const chunks = await upload.collect(limit)
  // Each of them has a buffer of its own, so that the whole has one too.
  const body = concatBytes(chunks) as Uint8Array<ArrayBuffer>
  return { body, whole: true, size: body.length }
}

const ALONE: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate', 'br'])

/** node-fetch decodes one of these when it stands alone, an engine behind XMLHttpRequest all. */
function undone(headers: HeaderFields): readonly string[] {
  const codings = codingsOf(headers)
  if (hasXHR()) return codings
  return codings.length === 1 && codings.every((coding) => ALONE.has(coding)) ? codings : []
}
