/** Whether this engine takes a stream as the body of a request: asked of it, never guessed. */
import { webType } from '../../src/web.ts'

/**
 * An engine that stringifies a stream gives it a text Content-Type (Firefox), one that supports it
 * asks for `duplex` (Chromium, over HTTP/2 only), one that does neither refuses it (WebKit).
 */
export function streamsRequests(): boolean {
  const Stream = webType('ReadableStream')
  const RequestType = webType('Request')
  if (Stream === undefined || RequestType === undefined) return false
  let asked = false
  const init = {
    method: 'POST',
    body: new Stream(),
    get duplex() {
      asked = true
      return 'half'
    },
  }
  try {
    const typed = new RequestType('https://example.invalid/', init).headers.has('content-type')
    return asked && !typed
  } catch {
    // WebKit refuses a stream with NotSupportedError, which is the answer.
    return false
  }
}

/**
 * Whether the engine has talked HTTP/1.1 to this origin, as far as it tells: over that, Chromium
 * refuses a stream, after it has connected and without a reason.
 */
export function speaksHTTP1(origin: string): boolean {
  let told = ''
  for (const entry of performance.getEntries()) {
    if (!entry.name.startsWith(`${origin}/`)) continue
    // Only entries of pages and resources have it; empty for other origins and for failures.
    const protocol: unknown = Reflect.get(entry, 'nextHopProtocol')
    if (typeof protocol === 'string' && protocol !== '') told = protocol
  }
  return told === 'http/1.1'
}
