/** A native Response of ours (layer 2), for Worker handlers and libraries that want the real one. */
import type { HeaderPairs } from './ports.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

export interface NativeParts {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderPairs
  /** The body has lost its content coding, and with it the length that was announced. */
  readonly decoded: boolean
}
export type NativeBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null

export function nativeResponse(body: NativeBody, parts: NativeParts): globalThis.Response {
  const { status, statusText } = parts
  const Native = webType('Response')
  // Fetch §5.5: a RangeError for any other status, 101 of an upgraded connection included.
  if (Native === undefined || status < 200 || status > 599) {
    throw unsupported(
      `A native Response of status ${String(status)}`,
      'this engine',
      'Use the response itself.',
    )
  }
  const dropped = parts.decoded ? ['content-encoding', 'content-length'] : []
  const headers = parts.headers
    .filter(([name]) => !dropped.includes(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, value])
  const coded = headers.some(([name]) => name.toLowerCase() === 'content-encoding')
  // Without it, workerd would apply the coding that the header names once more; others ignore it.
  const init = { status, statusText, headers, ...(coded ? { encodeBody: 'manual' } : {}) }
  return new Native(body, init)
}
