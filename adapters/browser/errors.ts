/** Errors of browsers, which hide on purpose why a request failed. */
import { RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/errors.ts'

const HIDDEN =
  'Browsers hide the reason: CORS, DNS, a refused connection or TLS; the console may tell.'

export function translateBrowserError(error: unknown, request: WireRequest, phase: Phase): Error {
  return error instanceof RequestError ? error : translateOpaque(error, request, phase, HIDDEN)
}
