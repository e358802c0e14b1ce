/**
 * Header fields that are not the caller's to send (layer 4): framing belongs to the transport, so
 * Content-Length becomes a promise about the body, Host and Connection become settings.
 */
import { withLength } from './body/source.ts'
import { InvalidHeaderError } from './errors.ts'
import type { BodySource, HeaderPair, HeaderPairs } from './ports.ts'

export interface Framed {
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly host: string | null
  readonly closeAfter: boolean
}

const FRAMING =
  /^(?:content-length|transfer-encoding|connection|host|keep-alive|upgrade|expect|proxy-authorization)$/i

/** @param proxied else there is nobody whom Proxy-Authorization is for. @throws InvalidHeaderError */
export function frame(given: HeaderPairs, body: BodySource | null, proxied: boolean): Framed {
  if (!given.some(([name]) => FRAMING.test(name))) {
    return { headers: given, body, host: null, closeAfter: false }
  }
  const kept: HeaderPair[] = []
  let host: string | null = null
  let promised: number | null = null
  let closeAfter = false
  for (const [name, value] of given) {
    const lower = name.toLowerCase()
    if (lower === 'content-length') promised = contentLength(value, promised)
    else if (lower === 'host') host = value
    else if (lower === 'proxy-authorization') {
      if (proxied) kept.push([name, value])
    } else if (lower === 'connection') closeAfter = /\bclose\b/i.test(value)
    else if (FRAMING.test(name)) refuse(name)
    else kept.push([name, value])
  }
  const framed = promised === null ? body : promiseLength(body, promised)
  return { headers: kept, body: framed, host, closeAfter }
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
