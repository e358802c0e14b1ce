/**
 * A transport that asks a function instead of a server: an in-process app, a mock, a service binding
 * of a Worker. The function is one of Fetch's shape, a Request in and a Response out.
 */
import { fieldsOf, Headers } from '../../src/headers.ts'
import { own } from '../../src/own.ts'
import type {
  Capabilities,
  HeaderFields,
  HeaderPairs,
  RedirectRules,
  Transport,
} from '../../src/ports.ts'
import { redirectRules } from '../../src/redirect.ts'
import { unsupported } from '../../src/unsupported.ts'
import { webType } from '../../src/web.ts'
import { fetchCapabilities } from './capabilities.ts'
import { codingsOf } from './coded.ts'
import type { Carrier, Dialect } from './dialect.ts'
import { FetchTransport } from './transport.ts'
import type { Upload } from './upload.ts'

export type FetchHandler = (
  request: globalThis.Request,
) => globalThis.Response | Promise<globalThis.Response>

export interface HandlerOptions {
  /** Bodies come without the content codings that their headers name, as from a native `fetch`. */
  readonly decoded?: boolean | undefined
}

/**
 * @example
 * session.mount('https://api.test/', handlerTransport((request) => app.fetch(request)))
 */
export function handlerTransport(
  handler: FetchHandler | { readonly fetch: FetchHandler },
  options: HandlerOptions = {},
): Transport {
  const call: FetchHandler =
    typeof handler === 'function' ? handler : (request) => handler.fetch(request)
  return new HandlerTransport(handlerDialect(call, own(options, 'decoded') ?? false))
}

class HandlerTransport extends FetchTransport {
  readonly redirects: RedirectRules = redirectRules
}

/** Nothing is between the two, so that little cannot be done. */
function handlerCapabilities(decoded: boolean): Capabilities {
  return {
    ...fetchCapabilities,
    hostHeader: true,
    anyMethod: true,
    latin1Headers: true,
    uploadLength: true,
    postOnce: true,
    rawBody: !decoded,
  }
}

function handlerDialect(handler: FetchHandler, decoded: boolean): Dialect {
  return {
    runtime: 'fetch',
    capabilities: handlerCapabilities(decoded),
    fetch: () => async (url, init) => handler(requestOf(url, init)),
    refuse: () => undefined,
    init: () => ({}),
    uploadBody,
    fields,
    undone: (headers) => (decoded ? codingsOf(headers) : []),
    lengthHolds: (_, undone) => undone.length === 0,
    // What an app throws is its own error, and no failure of a connection.
    translateError: (error) => (error instanceof Error ? error : new Error(String(error))),
  }
}

function requestOf(url: string, init: RequestInit): globalThis.Request {
  const Native = webType('Request')
  if (Native === undefined) {
    throw unsupported('handlerTransport()', 'an engine without Request', 'Mount another transport.')
  }
  // Always made by `send.ts`, as pairs or a record.
  const headers = new Headers(init.headers as [string, string][] | Record<string, string>)
  if (init.body instanceof Uint8Array) headers.set('Content-Length', String(init.body.length))
  // Ours alone, and without a prototype.
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
