/**
 * Header fields that are not the caller's to send (layer 4): framing belongs to the transport, so
 * Content-Length becomes a promise about the body, Host and Connection become settings. Loaded with
 * the first request that has one of them, or whose body is compressed.
 */
import { compressedSource } from './body/compressed.ts'
import { withLength } from './body/source.ts'
import { InvalidHeaderError } from './errors.ts'
import { isFramingHeader } from './framing-headers.ts'
import type { BodySource, HeaderPair, HeaderPairs } from './ports.ts'

export interface Framed {
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly host: string | null
  readonly closeAfter: boolean
  readonly expectContinue: boolean
}

/** @param proxied else there is nobody whom Proxy-Authorization is for. @throws InvalidHeaderError */
export function frame(given: HeaderPairs, body: BodySource | null, proxied: boolean): Framed {
  const kept: HeaderPair[] = []
  let host: string | null = null
  let promised: number | null = null
  let closeAfter = false
  let expects = false
  for (const [name, value] of given) {
    const lower = name.toLowerCase()
    if (lower === 'content-length') promised = contentLength(value, promised)
    else if (lower === 'host') host = value
    else if (lower === 'proxy-authorization') {
      if (proxied) kept.push([name, value])
    } else if (lower === 'connection') closeAfter = /\bclose\b/i.test(value)
    else if (lower === 'expect') expects = expectation(value)
    else if (isFramingHeader(name)) refuse(name)
    else kept.push([name, value])
  }
  const framed = promised === null ? body : promiseLength(body, promised)
  // RFC 9110 §10.1.1: a request without a body must not expect anything.
  const expectContinue = expects && framed !== null
  return { headers: kept, body: framed, host, closeAfter, expectContinue }
}

/** Headers and body of a request whose body is coded on its way out. @throws InvalidHeaderError */
export function compressed({
  headers,
  body,
}: Pick<Framed, 'headers' | 'body'>): Pick<Framed, 'headers' | 'body'> {
  if (body === null) return { headers, body }
  const known = headers.find(([name]) => /^content-(?:encoding|length)$/i.test(name))
  if (known !== undefined) {
    throw new InvalidHeaderError(
      `The header ${known[0]} contradicts compress, which codes the body on its way out. Leave one of them out.`,
    )
  }
  return { headers: [...headers, ['Content-Encoding', 'gzip']], body: compressedSource(body) }
}

function expectation(value: string): true {
  if (/^100-continue$/i.test(value)) return true
  throw new InvalidHeaderError(
    `Expect can only be 100-continue (RFC 9110 §10.1.1), not ${JSON.stringify(value)}.`,
  )
}

function contentLength(value: string, before: number | null): number {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : NaN
  if (Number.isNaN(length) || (before !== null && before !== length)) {
    throw new InvalidHeaderError(
      `Content-Length must be one whole number of bytes, not ${JSON.stringify(value)}.`,
    )
  }
  return length
}

/** A promise makes an unknown length known; against a known one it must be equal. */
function promiseLength(body: BodySource | null, promised: number): BodySource | null {
  if (body === null) {
    if (promised === 0) return null
    throw new InvalidHeaderError(
      `Content-Length is ${String(promised)}, but the request has no body.`,
    )
  }
  return withLength(body, promised)
}

function refuse(name: string): never {
  throw new InvalidHeaderError(
    `The header ${name} belongs to the connection, not to the request: leave it out, framing follows the body.`,
  )
}
