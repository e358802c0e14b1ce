/**
 * Whether a call may ask for something that its transport cannot do (layer 4). Most do not, and need
 * none of what `capability-check.ts` has to say.
 */
import { isForbiddenHeader } from './forbidden-headers.ts'
import { findHeader, isNamed } from './header-list.ts'
import type { BodySource, Capabilities, HeaderPair, HeaderPairs } from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { CookiesInput, CookieStore } from './types.ts'

/** Settings that some transport cannot honour, whatever they say. */
const SEMANTIC: readonly string[] = ['maxRedirects', 'verify', 'proxies']

const USUAL: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
// Not where it is used: each time a literal is come to, it makes an object.
const BEYOND_ASCII = /[\x80-\xff]/

interface Need {
  readonly method: string
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly cookies: CookiesInput | null
}

/** True for everything that `checkCapabilities` could find; a test holds the two together. */
export function mayHaveGaps(
  request: Need,
  settings: SendSettings,
  jar: CookieStore,
  can: Capabilities,
): boolean {
  const { method, headers, body, cookies } = request
  return (
    (body !== null && hasOddBody(request, settings, can)) ||
    (!can.cookies && (cookies !== null || (jar.isNative !== true && jar.size > 0))) ||
    !USUAL.includes(method) ||
    hasOddSetting(settings) ||
    hasOddHeader(headers, can)
  )
}

function hasOddBody({ method, headers }: Need, settings: SendSettings, can: Capabilities): boolean {
  if (method === 'GET' || method === 'HEAD' || settings.compress !== null) return true
  if (!can.manualRedirect && settings.redirectBodies === 'error') return true
  return !can.expectContinue && findHeader(headers, 'expect') !== null
}

/** By value where there is one: hooks may come from a prepared request, which nobody set here. */
function hasOddSetting(settings: SendSettings): boolean {
  const { allowRedirects, decompress, cert, hooks, explicit } = settings
  if (!allowRedirects || !decompress || cert !== null || hooks.redirect.length > 0) return true
  for (const name of SEMANTIC) if (explicit.has(name)) return true
  return false
}

function hasOddHeader(headers: HeaderPairs, can: Capabilities): boolean {
  if (can.anyHeader && can.hostHeader && can.latin1Headers) return false
  for (const field of headers) if (isOdd(field, can)) return true
  return false
}

/** By place: to take a pair apart makes an iterator. */
function isOdd(field: HeaderPair, can: Capabilities): boolean {
  if (!can.anyHeader && isForbiddenHeader(field[0])) return true
  if (!can.hostHeader && isNamed(field[0], 'host')) return true
  return !can.latin1Headers && BEYOND_ASCII.test(field[1])
}
