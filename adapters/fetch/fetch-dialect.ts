/** How a standard `fetch` of an unknown runtime is used: by the book, trusting nothing beyond it. */
import { RequestError } from '../../src/errors.ts'
import type { HeaderFields, WireRequest } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import { composeBlob } from './blob-body.ts'
import { fetchCapabilities } from './capabilities.ts'
import { codingsOf } from './coded.ts'
import type { Carrier, Dialect, FetchFunction, NativeInit, Phase } from './dialect.ts'
import { translateCode } from './errors.ts'
import { translateOpaque } from './opaque-error.ts'
import { pickInit } from './native-init.ts'
import type { Upload } from './upload.ts'
import { usualDialect } from './usual-dialect.ts'

export const fetchDialect: Dialect = {
  ...usualDialect,
  runtime: 'fetch',
  capabilities: fetchCapabilities,
  fetch: (): FetchFunction => (url, init) => globalThis.fetch(url, init),
  refuse,
  init,
  uploadBody,
  undone,
  lengthHolds: (response, undone) =>
    undone.length === 0 && !response.headers.has('content-encoding'),
  translateError,
}

const KNOWN: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
])

function refuse(request: WireRequest): void {
  const { method, body } = request
  if (!KNOWN.has(method)) {
    throw unsupported(`The method ${method}`, 'fetch', 'Use a method of RFC 9110.')
  }
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(`A body with ${method}`, 'fetch', 'Use POST.')
  }
}

function init(request: WireRequest, init: NativeInit): NativeInit {
  pickInit(request.init, init)
  // What Next.js reads on its edge runtime.
  pickInit(request.init, init, NEXT)
  if (request.credentials !== null) init['credentials'] = request.credentials
  return init
}

const NEXT = ['next']

function uploadBody(upload: Upload): Carrier {
  const bytes = upload.bytes()
  if (bytes !== null) return { body: bytes, whole: true }
  const blob = composeBlob(upload.pieces)
  if (blob !== null) return { body: blob, whole: true }
  return { body: upload.stream(), whole: false, init: { duplex: 'half' } }
}

const DECODED: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'br'])

/** Every runtime decodes one of these when it stands alone. Of others it cannot be told: taken as
 *  still on, a wrong guess is an error instead of coded bytes that pass for the content. */
function undone(headers: HeaderFields): readonly string[] {
  const codings = codingsOf(headers)
  return codings.length === 1 && codings.every((coding) => DECODED.has(coding)) ? codings : []
}

/** Node's `fetch` keeps the code in the cause of its "fetch failed". */
function translateError(error: unknown, request: WireRequest, phase: Phase): Error {
  if (error instanceof RequestError) return error
  const cause = error instanceof Error ? error.cause : undefined
  return (
    translateCode(error, request, phase) ??
    translateCode(cause, request, phase) ??
    translateOpaque(error, request, phase, 'This runtime tells no more.')
  )
}
