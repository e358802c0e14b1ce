/** Errors of workerd: plain `Error`s whose text is all there is. */
import { RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/errors.ts'

const HIDDEN = 'Workers do not tell DNS, a refused connection, a reset and TLS apart.'

export function translateWorkerdError(error: unknown, request: WireRequest, phase: Phase): Error {
  return error instanceof RequestError ? error : translateOpaque(error, request, phase, HIDDEN)
}
