/** Heads of requests as undici takes them, and how long the body of an answer is. */
import { typeToAdd } from '../../src/body/made-type.ts'
import { isNamed } from '../../src/headers.ts'
import type { HeaderFields, WireRequest } from '../../src/ports.ts'
import type { DispatchOptions } from './shims.ts'
import type { Route } from './route.ts'

export interface Content {
  readonly headers: string[]
  readonly body: DispatchOptions['body']
  /** Of a body that undici cannot measure. */
  readonly length: number | null
}

export function dispatchOptions(
  request: WireRequest,
  route: Route,
  content: Content,
): DispatchOptions {
  const { url, host, method, closeAfter } = request
  const { headers, body, length } = content
  const forwarded = route.kind === 'forward'
  if (host !== null) headers.push('host', host)
  else if (forwarded) headers.push('host', url.host)
  if (forwarded && route.proxyAuthorization !== null) {
    headers.push('proxy-authorization', route.proxyAuthorization)
  }
  if (length !== null) headers.push('content-length', String(length))
  const path = url.pathname + url.search
  return {
    path: forwarded ? `http://${url.host}${path}` : path,
    method,
    headers,
    body,
    headersTimeout: 0,
    bodyTimeout: 0,
    reset: closeAfter === true,
    // Else undici takes the Host header for the name of the certificate.
    servername: url.hostname,
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

/** Header fields in turn, as undici takes them; Proxy-Authorization never reaches a server.
 *  @param madeType the Content-Type that only the open body knows. */
export function splitHeaders(
  request: WireRequest,
  madeType: string | null,
): {
  headers: string[]
  authorization: string | null
} {
  const headers: string[] = []
  let authorization: string | null = null
  for (const [name, value] of request.headers) {
    if (isNamed(name, 'proxy-authorization')) authorization = value
    else headers.push(name, value)
  }
  const type = typeToAdd(request.headers, madeType)
  if (type !== null) headers.push('Content-Type', type)
  return { headers, authorization }
}

/** Null for none, and for one that is no number. */
export function contentLength(headers: HeaderFields): number | null {
  const value = headers.get('content-length')
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null
}
