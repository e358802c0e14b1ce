/** Heads of requests as undici takes them, and how long the body of an answer is. */
import { typeToAdd } from '../../src/body/made-type.ts'
import { isNamed } from '../../src/header-list.ts'
import type {
  HeaderFields,
  HeaderPairs,
  WireBody,
  WireRequest,
  WireResponse,
} from '../../src/ports.ts'
import { requestTarget } from '../../src/request-target.ts'
import { NO_TIME } from './connect-times.ts'
import type { DispatchOptions } from './shims.ts'
import type { Route } from './route.ts'
import type { Slot } from './slot.ts'

export interface Content {
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: DispatchOptions['body']
  /** Of a body that undici cannot measure. */
  readonly length: number | null
}

export function dispatchOptions(
  request: WireRequest,
  route: Route,
  content: Content,
): DispatchOptions {
  const { url, method, closeAfter } = request
  const { body, length } = content
  const forwarded = route.kind === 'forward'
  const plain = request.host === null && !forwarded && length === null
  const headers = plain ? content.headers : withOwnFields(request, route, content)
  const path = requestTarget(url)
  return {
    path: forwarded ? `http://${url.host}${path}` : path,
    method,
    headers,
    body,
    headersTimeout: 0,
    bodyTimeout: 0,
    reset: closeAfter === true,
    // Else undici takes the Host header for the name of the certificate, and with each new name it
    // makes a new connection: to a proxy that forwards, all names go over one.
    servername: forwarded ? route.origin : url.hostname,
    // Nobody has set these. By name, since an object without a prototype is a slow one.
    query: undefined,
    idempotent: undefined,
    blocking: undefined,
    upgrade: undefined,
    expectContinue: undefined,
    throwOnError: undefined,
    maxRedirections: undefined,
    typeOfService: undefined,
  }
}

/** With those that are ours to send. */
function withOwnFields(
  { host, url }: WireRequest,
  route: Route,
  { headers, length }: Content,
): string[] {
  const all = [...headers]
  const forwarded = route.kind === 'forward'
  if (host !== null) all.push('host', host)
  else if (forwarded) all.push('host', url.host)
  if (forwarded && route.proxyAuthorization !== null) {
    all.push('proxy-authorization', route.proxyAuthorization)
  }
  if (length !== null) all.push('content-length', String(length))
  return all
}

/** Header fields in turn, as undici takes them; Proxy-Authorization never reaches a server.
 *  @param madeType the Content-Type that only the open body knows. */
export function splitHeaders(request: WireRequest, madeType: string | null): SplitHeaders {
  const { headers } = request
  if (headers !== lastPairs) {
    lastPairs = headers
    lastSplit = split(headers)
  }
  const type = madeType === null ? null : typeToAdd(headers, madeType)
  if (type === null) return lastSplit
  return { ...lastSplit, headers: [...lastSplit.headers, 'Content-Type', type] }
}

export interface SplitHeaders {
  readonly headers: readonly string[]
  readonly authorization: string | null
}

// Most requests are sent with the very list of the one before.
let lastPairs: HeaderPairs = []
let lastSplit: SplitHeaders = { headers: [], authorization: null }

function split(pairs: HeaderPairs): SplitHeaders {
  const headers: string[] = []
  let authorization: string | null = null
  for (const [name, value] of pairs) {
    if (isNamed(name, 'proxy-authorization')) authorization = value
    else headers.push(name, value)
  }
  return { headers, authorization }
}

/** No body follows, whatever length is announced (RFC 9112 §6.3). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}

const NOTHING: readonly string[] = []

export function answerOf(
  status: number,
  statusText: string | undefined,
  headers: HeaderFields,
  body: WireBody & { readonly slot: Slot | null; readonly isOnUsedSocket: boolean },
): WireResponse {
  const { slot, isOnUsedSocket } = body
  return {
    status,
    statusText: statusText ?? '',
    headers,
    undone: NOTHING,
    url: null,
    redirected: false,
    httpVersion: slot?.http2 === true ? '2' : '1.1',
    timings: isOnUsedSocket ? NO_TIME : (slot?.timings ?? NO_TIME),
    body,
  }
}

/** More digits than this are no safe integer. */
const MOST_DIGITS = 15

/** Null for none, and for one that is no number. */
export function contentLength(headers: HeaderFields): number | null {
  const value = headers.get('content-length')
  if (value === null || value === '' || value.length > MOST_DIGITS) return null
  let length = 0
  for (let at = 0; at < value.length; at += 1) {
    const digit = value.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return null
    length = length * 10 + digit
  }
  return length
}
