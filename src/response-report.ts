/** A response for logs (layer 2): what happened, without the body and without secrets. */
import type { HeaderPairs } from './ports.ts'
import { HIDDEN, isSecretHeader } from './secret-headers.ts'
import { redactURL } from './shown-url.ts'

export interface ResponseReport {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds to the headers. */
  readonly elapsed: number
  readonly request: RequestReport | null
  /** The hops that led here: status and URL. */
  readonly history: readonly (readonly [status: number, url: string])[]
}
export interface RequestReport {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** A URL for messages; an unusable one, of a mock, is not shown. */
export function reportURL(url: string): string {
  try {
    return url === '' ? '' : redactURL(new URL(url))
  } catch {
    return HIDDEN
  }
}

/** Field by field; values of secret headers and secrets in URLs are hidden. `secret` holds further
 *  names in lower case. */
export function reportHeaders(
  pairs: HeaderPairs,
  baseUrl: string,
  secret: readonly string[],
): Record<string, string> {
  // Without prototype: names come from the wire, and `__proto__` is just a name.
  const shown: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    const text = reportValue(lower, value, { baseUrl, secret })
    shown[lower] = lower in shown ? `${shown[lower] ?? ''}, ${text}` : text
  }
  return shown
}

function reportValue(
  lower: string,
  value: string,
  { baseUrl, secret }: { readonly baseUrl: string; readonly secret: readonly string[] },
): string {
  if (isSecretHeader(lower) || secret.includes(lower)) return HIDDEN
  // The name of a cookie tells what is going on; its value is a key.
  if (lower === 'set-cookie') return `${value.split('=', 1)[0] ?? ''}=${HIDDEN}`
  if (!['location', 'content-location', 'referer', 'refresh', 'link'].includes(lower)) return value
  if (lower === 'refresh' || lower === 'link') return hideInText(value)
  try {
    return redactURL(new URL(value, baseUrl))
  } catch {
    return HIDDEN
  }
}

/** URLs in a longer value: their queries are left out. */
function hideInText(value: string): string {
  return value.replace(/\?[^>"'\s]*/g, '?…').replace(/\/\/[^/@>\s]*@/g, '//')
}
