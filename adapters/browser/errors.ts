/** Errors of browsers, which hide on purpose why a request failed. */
import { RequestError } from '../../src/call-errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/opaque-error.ts'
import { wasStreamed } from './streamed.ts'

const HIDDEN =
  'Browsers hide the reason: CORS, DNS, a refused connection or TLS; the console may tell.'

/** Chromium refuses a stream over HTTP/1.1 in the same words as everything else. */
const STREAMED =
  'The body was a stream, which needs HTTP/2: send a Blob or bytes to an older server.'

export function translateBrowserError(error: unknown, request: WireRequest, phase: Phase): Error {
  if (error instanceof RequestError) return error
  const hint = wasStreamed(request) ? `${HIDDEN} ${STREAMED}` : HIDDEN
  return translateOpaque(error, request, phase, hint)
}
