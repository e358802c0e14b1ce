/** What is wrong with a body that comes over a runtime's `fetch`. */
import { BodyTooLargeError, IncompleteBodyError } from '../../src/call-errors.ts'
import { errorRequest, nameRequest } from './about.ts'
import type { About } from './about.ts'

export function tooLarge(request: About, limit: number): BodyTooLargeError {
  return new BodyTooLargeError(
    `${nameRequest(request)}: the body is larger than maxBytes (${String(limit)} bytes).`,
    { request: errorRequest(request) },
  )
}

export function cutShort(request: About, received: number, length: number): IncompleteBodyError {
  return new IncompleteBodyError(
    `${nameRequest(request)}: the body ended after ${String(received)} of ${String(length)} bytes.`,
    { request: errorRequest(request) },
  )
}
