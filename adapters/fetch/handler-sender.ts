/** Asks a function of Fetch's shape: loaded with the first request to one. */
import { fieldsOf } from '../../src/header-list.ts'
import { Headers } from '../../src/headers.ts'
import type { Capabilities, HeaderFields, HeaderPairs } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import { webType } from '../../src/web.ts'
import { codingsOf } from './coded.ts'
import type { Carrier } from './dialect.ts'
import { senderOf } from './send.ts'
import type { Sender } from './sender.ts'
import type { Upload } from './upload.ts'
import { usualDialect } from './usual-dialect.ts'

export type FetchHandler = (
  request: globalThis.Request,
) => globalThis.Response | Promise<globalThis.Response>

interface HandlerTraits {
  readonly decoded: boolean
  readonly capabilities: Capabilities
}

export function handlerSender(
  handler: FetchHandler,
  { decoded, capabilities }: HandlerTraits,
): Sender {
  return senderOf({
    ...usualDialect,
    runtime: 'fetch',
    capabilities,
    fetch: () => async (url, init) => handler(requestOf(url, init)),
    refuse: () => undefined,
    init: (_, init) => init,
    uploadBody,
    fields,
    undone: (headers) => (decoded ? codingsOf(headers) : []),
    lengthHolds: (_, undone) => undone.length === 0,
    // What an app throws is its own error, and no failure of a connection.
    translateError: (error) => (error instanceof Error ? error : new Error(String(error))),
  })
}

function requestOf(url: string, init: RequestInit): globalThis.Request {
  const Native = webType('Request')
  if (Native === undefined) {
    throw unsupported('handlerTransport()', 'an engine without Request', 'Mount another transport.')
  }
  // Always made by `send.ts`, as pairs or a record.
  const headers = new Headers(init.headers as [string, string][] | Record<string, string>)
  if (init.body instanceof Uint8Array) headers.set('Content-Length', String(init.body.length))
  // Ours alone, and without a parent.
  init.headers = headers.pairs().map(([name, value]): [string, string] => [name, value])
  const request = new Native(url, init)
  // Browsers drop the headers that they reserve for themselves: Cookie, Host, Content-Length.
  if ([...headers.keys()].every((name) => request.headers.has(name))) return request
  for (const [name, value] of request.headers) if (!headers.has(name)) headers.set(name, value)
  return Object.defineProperty(request, 'headers', { value: headers })
}

function uploadBody(upload: Upload): Carrier {
  const bytes = upload.bytes()
  if (bytes !== null) return { body: bytes, whole: true }
  const { length } = upload
  const headers: HeaderPairs = length === null ? [] : [['Content-Length', String(length)]]
  return { body: upload.stream(), whole: false, headers, init: { duplex: 'half' } }
}

/** A Response of ours keeps Set-Cookie in browsers too, which take it off their own. */
function fields(response: globalThis.Response): HeaderFields {
  const headers: unknown = response.headers
  // Listed at once: the app may go on changing them.
  return fieldsOf(headers instanceof Headers ? headers.pairs() : [...response.headers])
}
