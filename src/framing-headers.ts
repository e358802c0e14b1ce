/** Header fields that belong to the connection (layer 0): the transport's, not the caller's. */
import type { HeaderPairs } from './ports.ts'

const FRAMING =
  /^(?:content-length|transfer-encoding|connection|host|keep-alive|upgrade|expect|proxy-authorization)$/i

export function isFramingHeader(name: string): boolean {
  return FRAMING.test(name)
}

export function hasFramingHeader(headers: HeaderPairs): boolean {
  if (headers === lastWithout) return false
  for (const pair of headers) if (FRAMING.test(pair[0])) return true
  lastWithout = headers
  return false
}

/** Most calls of a session are sent with the very list of the one before. */
let lastWithout: HeaderPairs | null = null
