/**
 * Whether a call may ask for something that its transport cannot do (layer 4). Most do not, and need
 * none of what `capability-check.ts` has to say.
 */
import { isForbiddenHeader } from './forbidden-headers.ts'
import type { BodySource, Capabilities, HeaderPairs } from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { CookiesInput, CookieStore } from './types.ts'

/** Settings that some transport cannot honour, whatever they say. */
const SEMANTIC: readonly string[] = ['maxRedirects', 'verify', 'proxies']

interface Need {
  readonly method: string
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly cookies: CookiesInput | null
}

/** True for everything that `checkCapabilities` could find; a test holds the two together. */
export function mayHaveGaps(
  { method, headers, body, cookies }: Need,
  settings: SendSettings,
  jar: CookieStore,
  can: Capabilities,
): boolean {
  return (
    body !== null ||
    cookies !== null ||
    (!can.cookies && jar.isNative !== true && jar.size > 0) ||
    !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(method) ||
    hasOddSetting(settings) ||
    hasOddHeader(headers, can)
  )
}

/** By value where there is one: hooks may come from a prepared request, which nobody set here. */
function hasOddSetting(settings: SendSettings): boolean {
  const { allowRedirects, decompress, cert, hooks, explicit } = settings
  if (!allowRedirects || !decompress || cert !== null || hooks.redirect.length > 0) return true
  return SEMANTIC.some((name) => explicit.has(name))
}

function hasOddHeader(headers: HeaderPairs, can: Capabilities): boolean {
  if (can.anyHeader && can.hostHeader && can.latin1Headers) return false
  return headers.some(([name, value]) => isForbiddenHeader(name) || /[\x80-\xff]/.test(value))
}
