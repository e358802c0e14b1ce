/** Errors of cross-fetch: with a code from node-fetch, without any from XMLHttpRequest. */
import { RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateCode } from '../fetch/errors.ts'
import { translateOpaque } from '../fetch/opaque-error.ts'

export function translatePonyfillError(error: unknown, request: WireRequest, phase: Phase): Error {
  if (error instanceof RequestError) return error
  const told = translateCode(error, request, phase)
  return told ?? translateOpaque(error, request, phase, 'This engine tells no more.')
}
