/** Errors of browsers, which hide on purpose why a request failed. */
import { RequestError } from '../../src/call-errors.ts'
import type { About } from '../fetch/about.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/opaque-error.ts'

const HIDDEN =
  'Browsers hide the reason: CORS, DNS, a refused connection or TLS; the console may tell.'

/** @param more what else it may have been, a sentence. */
export function translateBrowserError(
  error: unknown,
  request: About,
  phase: Phase,
  more = '',
): Error {
  if (error instanceof RequestError) return error
  return translateOpaque(error, request, phase, HIDDEN + more)
}
