/** One call of a session's `fetch` (layer 5), loaded with the first. */
import { findHeader } from './header-list.ts'
import { bare } from './own.ts'
import type { RuntimeName } from './ports.ts'
import type { Response } from './response.ts'
import type { RequestOptions } from './settings.ts'
import { unsupported } from './unsupported.ts'

export type Send = (method: string, url: string, options: RequestOptions) => Promise<Response>
type Input = Parameters<typeof globalThis.fetch>[0]

export interface Asked {
  readonly input: Input
  readonly init: RequestInit | undefined
}

export async function fetchOver(
  send: Send,
  runtime: RuntimeName,
  { input, init }: Asked,
): Promise<globalThis.Response> {
  const isForwarding = isWholeRequest(init)
  const said = isForwarding ? {} : readInit(init ?? {})
  const { method, headers, body, redirect, signal, credentials, ...hints } = said
  const request = isForwarding ? init : isRequest(input) ? input : null
  const stopped = signal === undefined ? request?.signal : signal
  const way = redirect ?? request?.redirect ?? 'follow'
  try {
    checkIntegrity(hints.integrity ?? request?.integrity ?? '', runtime)
    const options: Said = { stream: true, raiseForStatus: false }
    if (stopped) options.signal = stopped
    const all = runtime === 'browser' && request !== null ? hintsOf(request, hints) : hints
    if (Object.keys(all).length > 0) options.init = all
    if (way !== 'follow') options.allowRedirects = false
    const told = credentials ?? credentialsOf(request)
    if (told) options.credentials = told
    const content = body === undefined ? await bodyOf(request, runtime) : body
    addContent(options, request, headers, content)
    const response = await send(method ?? request?.method ?? 'GET', urlOf(input), options)
    if (way === 'error' && response.isRedirect) {
      await response.close()
      throw new Error("The server redirects, and redirect is 'error'.")
    }
    return response.toResponse()
  } catch (cause) {
    if (stopped?.aborted === true) throw stopped.reason
    throw new TypeError('fetch failed', { cause })
  }
}

/** Only what is said: what that comes to is known from the call before, which mostly said the same. */
type Said = { -readonly [Name in keyof RequestOptions]: RequestOptions[Name] }

/** An engine checks it, or nobody does: what was asked for must not be dropped in silence. */
function checkIntegrity(integrity: string, runtime: RuntimeName): void {
  if (integrity === '' || runtime === 'browser') return
  throw unsupported('integrity', runtime, 'Compare a checksum: see download().')
}

/** What a Request says when its maker said nothing. `navigate` is for the browser alone to say. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  cache: ['default'],
  integrity: [''],
  keepalive: [false],
  mode: ['cors', 'navigate'],
  referrer: ['about:client'],
  referrerPolicy: [''],
}

/** The hints of a Request, below those that are given beside it. */
function hintsOf(request: globalThis.Request, given: RequestInit): RequestInit {
  const hints = bare(given)
  for (const [name, usual] of Object.entries(USUAL)) {
    const value: unknown = Reflect.get(request, name)
    if (value === undefined || usual.includes(value) || Object.hasOwn(hints, name)) continue
    Reflect.set(hints, name, value)
  }
  return hints
}

const KEYS = ['method', 'headers', 'body', 'redirect', 'signal', 'credentials'] as const

/** Members of a class count, since a Request may be an init; those of every object do not. */
function readInit(init: RequestInit): RequestInit {
  const read = bare(init)
  for (const key of KEYS) {
    if (key in init && !(key in Object.prototype)) Reflect.set(read, key, init[key])
  }
  return read
}

function isRequest(input: Input): input is globalThis.Request {
  return typeof input === 'object' && 'method' in input && 'headers' in input
}

/** `fetch(url, request)`, as Workers forward what came in: what it says of its connection is not meant. */
function isWholeRequest(init: RequestInit | undefined): init is globalThis.Request {
  // By its brand, which nobody's prototype adds to an object of options.
  return Object.prototype.toString.call(init) === '[object Request]'
}

function urlOf(input: Input): string {
  // Also a URL of another realm, as Fetch has it.
  return isRequest(input) ? input.url : String(input)
}

/** A Request says `same-origin` when its maker said nothing, which outside of pages means nothing. */
function credentialsOf(request: globalThis.Request | null): RequestInit['credentials'] {
  // Requests of Workers have no such member, whatever the types of the DOM say.
  const own = request?.credentials
  return own === 'same-origin' ? undefined : own
}

/** A new body takes the place of the Request's, as in `new Request(request, init)`. */
function addContent(
  options: Said,
  request: globalThis.Request | null,
  given: HeadersInit | undefined,
  body: BodyInit | null,
): void {
  // Whatever fetch takes as a body, we take too; a stream is read as it is.
  options.data = body
  const headers = headerPairs(given ?? (request === null ? [] : forwarded(request.headers)))
  // Fetch §2.2.5 "extract a body": what has a type of its own brings it along.
  if (typeof body === 'string' && findHeader(headers, 'content-type') === null) {
    headers.push(['Content-Type', 'text/plain;charset=UTF-8'])
  }
  if (headers.length > 0) options.headers = headers
}

/** Browsers send no stream over HTTP/1.1, and Firefox has no `Request.body`: there a body, which mostly is
 *  in memory as it is, is read before it is sent on. */
async function bodyOf(
  request: globalThis.Request | null,
  runtime: RuntimeName,
): Promise<BodyInit | null> {
  if (request === null || request.method === 'GET' || request.method === 'HEAD') return null
  const body = request.body as ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined
  if (body === null || (body !== undefined && runtime !== 'browser')) return body
  const blob = await request.blob()
  // Sliced, it has no type of its own: that of the request is among its headers, or was taken off.
  return blob.size === 0 ? null : blob.slice()
}

function headerPairs(headers: HeadersInit): (readonly [string, string])[] {
  if (Symbol.iterator in headers) {
    return Array.from(headers, ([name, value]) => [name, value])
  }
  return Object.entries(headers)
}

/** What belongs to the connection an incoming Request came over (RFC 9110 §7.6.1), and its Host. */
const HOP_BY_HOP =
  'connection keep-alive proxy-connection te trailer transfer-encoding upgrade host expect proxy-authorization'

function forwarded(headers: globalThis.Headers): [string, string][] {
  const dropped = `${HOP_BY_HOP} ${headers.get('connection') ?? ''}`.toLowerCase().split(/[\s,]+/)
  return [...headers].filter(([name]) => !dropped.includes(name))
}
