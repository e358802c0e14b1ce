/** Request headers that a browser reserves for itself (layer 0): Fetch §2.2.2, "forbidden
 *  request-header". It drops them in silence when a script sets them. */

const FORBIDDEN: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'access-control-request-private-network',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])
/** Ours, not in the standard: Chromium drops it in silence, Firefox and WebKit send it. */
const DROPPED_BY_SOME = 'user-agent'
const OVERRIDES: ReadonlySet<string> = new Set([
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
])
const FORBIDDEN_METHOD = /^(?:connect|trace|track)$/i

/** Whether some browser would not send this field as it was set. */
export function isForbiddenHeader(name: string, value = ''): boolean {
  const lower = name.toLowerCase()
  if (FORBIDDEN.has(lower) || lower === DROPPED_BY_SOME) return true
  if (lower.startsWith('proxy-') || lower.startsWith('sec-')) return true
  return (
    OVERRIDES.has(lower) && value.split(',').some((method) => FORBIDDEN_METHOD.test(method.trim()))
  )
}
