/** Errors of workerd: plain `Error`s whose text is all there is. */
import { ContentDecodingError, RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { errorRequest, nameRequest } from '../fetch/about.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/opaque-error.ts'

const HIDDEN = 'Workers do not tell DNS, a refused connection, a reset and TLS apart.'

export function translateWorkerdError(error: unknown, request: WireRequest, phase: Phase): Error {
  if (error instanceof RequestError) return error
  // The runtime's own decoder, where there is no node:zlib: a TypeError, unlike a lost connection.
  if (phase === 'body' && error instanceof TypeError) {
    return new ContentDecodingError(`${nameRequest(request)}: ${error.message}`, {
      cause: error,
      request: errorRequest(request),
    })
  }
  return translateOpaque(error, request, phase, HIDDEN)
}
