/** What a response made by hand holds (layer 2): for mocks, hooks and tests. */
import { describe, encodeText, isArrayBuffer, viewBytes } from './bytes.ts'
import { ResponseBody } from './response-body.ts'

export type ResponseInput =
  string | ArrayBuffer | ArrayBufferView | Blob | ReadableStream<Uint8Array> | null

export function bodyFromInput(input: ResponseInput): ResponseBody {
  if (input === null) return new ResponseBody(new Uint8Array(0))
  if (typeof input === 'string') return new ResponseBody(encodeText(input))
  if (ArrayBuffer.isView(input) || isArrayBuffer(input)) return new ResponseBody(viewBytes(input))
  if (typeof input === 'object' && 'getReader' in input) {
    return ResponseBody.overStream(input)
  }
  if (typeof input === 'object' && typeof input.stream === 'function') {
    return ResponseBody.overStream(input.stream())
  }
  throw new TypeError(
    `A response body is text, bytes, a Blob or a ReadableStream, not ${describe(input)}.`,
  )
}
