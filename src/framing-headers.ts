/** Header fields that belong to the connection (layer 0): the transport's, not the caller's. */
import type { HeaderPairs } from './ports.ts'

const FRAMING =
  /^(?:content-length|transfer-encoding|connection|host|keep-alive|upgrade|expect|proxy-authorization)$/i

export function isFramingHeader(name: string): boolean {
  return FRAMING.test(name)
}

export function hasFramingHeader(headers: HeaderPairs): boolean {
  return headers.some(([name]) => FRAMING.test(name))
}
