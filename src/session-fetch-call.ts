/** One call of a session's `fetch` (layer 5), loaded with the first. */
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
  const asked = readInit(init ?? {})
  const request = isRequest(input) ? input : null
  const signal = asked.signal === undefined ? (request?.signal ?? null) : asked.signal
  const redirect = asked.redirect ?? request?.redirect ?? 'follow'
  try {
    checkIntegrity(asked.integrity ?? request?.integrity ?? '', runtime)
    const response = await send(asked.method ?? request?.method ?? 'GET', urlOf(input, request), {
      stream: true,
      raiseForStatus: false,
      signal,
      init: { ...asked },
      ...(await content(asked, request)),
      ...credentialsOf(asked, request),
      ...(redirect === 'follow' ? {} : { allowRedirects: false }),
    })
    if (redirect === 'error' && response.isRedirect) {
      await response.close()
      throw new Error("The server redirects, and redirect is 'error'.")
    }
    return response.toResponse()
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason
    throw new TypeError('fetch failed', { cause })
  }
}

/** An engine checks it, or nobody does: what was asked for must not be dropped in silence. */
function checkIntegrity(integrity: string, runtime: RuntimeName): void {
  if (integrity === '' || runtime === 'browser') return
  throw unsupported('integrity', runtime, 'Compare a checksum: see download().')
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

function urlOf(input: unknown, request: globalThis.Request | null): string {
  // Also a URL of another realm, as Fetch has it.
  return request === null ? String(input) : request.url
}

/** A Request says `same-origin` when its maker said nothing, which outside of pages means nothing. */
function credentialsOf(
  asked: RequestInit,
  request: globalThis.Request | null,
): Pick<RequestOptions, 'credentials'> {
  // Requests of Workers have no such member, whatever the types of the DOM say.
  const own = request?.credentials
  const credentials = asked.credentials ?? (own === 'same-origin' ? undefined : own)
  return credentials === undefined ? {} : { credentials }
}

/** Headers and body; a new body takes the place of the Request's, as in `new Request(request, init)`. */
async function content(
  asked: RequestInit,
  request: globalThis.Request | null,
): Promise<Pick<RequestOptions, 'headers' | 'data'>> {
  const body = asked.body === undefined ? await bodyOf(request) : asked.body
  const type = typeOf(asked.body)
  const headers = headerPairs(asked.headers ?? (request === null ? [] : forwarded(request.headers)))
  const typed = type === null || headers.some(([name]) => name.toLowerCase() === 'content-type')
  return {
    headers: typed ? headers : [...headers, ['Content-Type', type]],
    // Whatever fetch takes as a body, we take too; a stream is read as it is.
    data: body,
  }
}

/** Firefox has no `Request.body`: there a body is read before it is sent on. */
async function bodyOf(request: globalThis.Request | null): Promise<BodyInit | null> {
  if (request === null || request.method === 'GET' || request.method === 'HEAD') return null
  const body = request.body as ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined
  if (body !== undefined) return body
  const blob = await request.blob()
  return blob.size === 0 ? null : blob
}

/** Fetch §2.2.5 "extract a body"; what has a type of its own brings it along. */
function typeOf(body: BodyInit | null | undefined): string | null {
  return typeof body === 'string' ? 'text/plain;charset=UTF-8' : null
}

function headerPairs(headers: HeadersInit): (readonly [string, string])[] {
  if (Symbol.iterator in headers) {
    return Array.from(headers, ([name, value]) => [name, value])
  }
  return Object.entries(headers)
}

/** What belongs to the connection an incoming Request came over (RFC 9110 §7.6.1), and its Host. */
const HOP_BY_HOP: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'host', 'expect', 'proxy-authorization'],
])

function forwarded(headers: globalThis.Headers): [string, string][] {
  const listed = (headers.get('connection') ?? '').split(',').map((name) => name.trim())
  const dropped = new Set([...HOP_BY_HOP, ...listed.map((name) => name.toLowerCase())])
  const kept: [string, string][] = []
  headers.forEach((value, name) => {
    if (!dropped.has(name)) kept.push([name, value])
  })
  return kept
}
