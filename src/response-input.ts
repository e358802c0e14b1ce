/** What a response made by hand holds (layer 2): for mocks, hooks and tests. */
import { describe } from './bytes.ts'
import { encodeText, isArrayBuffer, viewBytes } from './as-bytes.ts'
import { ResponseBody } from './response-body.ts'
import { KeptBody } from './response-kept.ts'
import type { BodyState } from './response-state.ts'

export type ResponseInput =
  string | ArrayBuffer | ArrayBufferView | Blob | ReadableStream<Uint8Array> | null

export function bodyFromInput(input: ResponseInput): BodyState {
  if (input === null) return new KeptBody(new Uint8Array(0))
  if (typeof input === 'string') return new KeptBody(encodeText(input))
  if (ArrayBuffer.isView(input) || isArrayBuffer(input)) return new KeptBody(viewBytes(input))
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
