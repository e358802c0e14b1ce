/** How workerd's `fetch` is used: lengths by FixedLengthStream, bodies read in large views. */
import type { HeaderFields, HeaderPair, HeaderPairs, WireRequest } from '../../src/ports.ts'
import { encodeText } from '../../src/as-bytes.ts'
import { unsupported } from '../../src/unsupported.ts'
import type { Carrier, Dialect, FetchFunction, NativeInit } from '../fetch/dialect.ts'
import { NativeFields } from '../fetch/fields.ts'
import { pickInit } from '../fetch/native-init.ts'
import type { Upload } from '../fetch/upload.ts'
import { byobReader } from './byob-reader.ts'
import { workerdCapabilities } from './capabilities.ts'
import { hasZlib } from './decoders.ts'
import { translateWorkerdError } from './errors.ts'
import { fixedLengthStream } from './workerd-types.ts'
import { usualDialect } from '../fetch/usual-dialect.ts'

export const workerdDialect: Dialect = {
  ...usualDialect,
  runtime: 'workerd',
  capabilities: workerdCapabilities,
  fetch: () => nativeFetch,
  refuse,
  init,
  uploadBody,
  fields: (response) => new OctetFields(response.headers),
  undone,
  lengthHolds: (_response, undone) => undone.length === 0,
  reader: byobReader,
  whole: true,
  translateError: translateWorkerdError,
}

const nativeFetch: FetchFunction = (url, init) => globalThis.fetch(url, init)

/** workerd decodes values as UTF-8; every other runtime shows their bytes, and so do we. */
class OctetFields extends NativeFields {
  override get(name: string): string | null {
    const value = super.get(name)
    return value === null ? null : octets(value)
  }
  override getSetCookie(): readonly string[] {
    return super.getSetCookie().map(octets)
  }
  override pairs(): HeaderPairs {
    return super.pairs().map(([name, value]): HeaderPair => [name, octets(value)])
  }
}

const BEYOND_ASCII = /[\x80-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/

function octets(value: string): string {
  if (!NOT_ASCII.test(value)) return value
  let text = ''
  for (const byte of encodeText(value)) text += String.fromCharCode(byte)
  return text
}

/** Names it does not know are a TypeError of `Request`; CONNECT too. */
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
  const { method, body, headers } = request
  if (!KNOWN.has(method) && !knowsMethod(method)) {
    throw unsupported(`The method ${method}`, 'workerd', 'Use one that HTTP servers commonly know.')
  }
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(
      `A body with ${method}`,
      'workerd',
      'Use POST, or QUERY where the server knows it.',
    )
  }
  if (headers === lastHeaders) return
  for (const field of headers) if (BEYOND_ASCII.test(field[1])) throw beyondASCII(field[0])
  lastHeaders = headers
}

/** Most calls are sent with the fields of the one before, in the very list. */
let lastHeaders: HeaderPairs = []

function beyondASCII(name: string): Error {
  return unsupported(
    `A value beyond ASCII in the header ${name}`,
    'workerd',
    'Encode it (RFC 8187).',
  )
}

function knowsMethod(method: string): boolean {
  try {
    return new globalThis.Request('https://example.invalid/', { method }).method === method
  } catch {
    // The TypeError for a name it does not know is the answer.
    return false
  }
}

const WORKERD_KEYS = ['cache', 'cf', 'fetcher']

function init(request: WireRequest, init: NativeInit): NativeInit {
  pickInit(request.init, init, WORKERD_KEYS)
  if (raw(request)) init['encodeResponseBody'] = 'manual'
  // "error" throws when a Request is built; the core refuses the 3xx by itself.
  if (request.redirect === 'error') init['redirect'] = 'manual'
  return init
}

/** Decoded by us wherever that covers every coding we offer: the guard against bombs has to see the
 *  coded size, and errors are the same as on the other runtimes. */
function raw(request: WireRequest): boolean {
  return request.raw || hasZlib()
}

const NOTHING: readonly string[] = []

/** Exactly these two, alone and in lower case, and `br` from compatibility date 2024-04-29 on. */
function undone(headers: HeaderFields, request: WireRequest): readonly string[] {
  if (raw(request)) return NOTHING
  const coding = headers.get('content-encoding')
  return coding === 'gzip' || coding === 'br' ? [coding] : NOTHING
}

function uploadBody(upload: Upload): Carrier {
  const bytes = upload.bytes()
  if (bytes !== null) return { body: bytes, whole: true }
  const FixedLengthStream = fixedLengthStream()
  if (upload.length === null || FixedLengthStream === undefined) {
    return { body: upload.stream(), whole: false }
  }
  const { readable, writable } = new FixedLengthStream(upload.length)
  // Runs beside the fetch; it reports its failures to the upload by itself and never rejects.
  void pour(upload, writable.getWriter())
  return { body: readable, whole: false }
}

/** A writer fed with large pieces: a piped stream of script is six times as slow. */
async function pour(
  upload: Upload,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for (let chunk = await upload.next(); chunk !== null; chunk = await upload.next()) {
      await writer.write(chunk)
    }
    await writer.close()
  } catch (error) {
    // The source failed, which the upload has told already, or the connection broke, which the
    // fetch will tell.
    upload.stop(error)
    writer.abort(error).catch(() => undefined)
  }
}
