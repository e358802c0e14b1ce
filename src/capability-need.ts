/**
 * Whether a call may ask for something that its transport cannot do (layer 4). Most do not, and need
 * none of what `capability-check.ts` has to say.
 */
import { isForbiddenHeader } from './forbidden-headers.ts'
import type { BodySource, Capabilities, HeaderPairs } from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { CookiesInput, CookieStore } from './types.ts'

/** The settings that some transport cannot honour. */
const SEMANTIC: readonly string[] = [
  ...['allowRedirects', 'maxRedirects', 'hooks', 'verify', 'cert', 'proxies', 'decompress'],
]

interface Need {
  readonly method: string
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly cookies: CookiesInput | null
}

export function mayHaveGaps(
  { method, headers, body, cookies }: Need,
  { explicit }: SendSettings,
  jar: CookieStore,
  can: Capabilities,
): boolean {
  return (
    body !== null ||
    cookies !== null ||
    (!can.cookies && jar.isNative !== true && jar.size > 0) ||
    !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(method) ||
    SEMANTIC.some((name) => explicit.has(name)) ||
    hasOddHeader(headers, can)
  )
}

function hasOddHeader(headers: HeaderPairs, can: Capabilities): boolean {
  if (can.anyHeader && can.hostHeader && can.latin1Headers) return false
  return headers.some(([name, value]) => isForbiddenHeader(name) || /[\x80-\xff]/.test(value))
}
