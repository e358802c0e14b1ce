/** The errors of a `fetch` that hides its reasons. */
import { ConnectionError, IncompleteBodyError } from '../../src/call-errors.ts'
import { errorRequest, nameRequest, timeOf } from './about.ts'
import type { About } from './about.ts'
import type { Phase } from './dialect.ts'

/** No more is known than that it failed. @param hint what it may have been, a sentence. */
export function translateOpaque(error: unknown, request: About, phase: Phase, hint: string): Error {
  const details = { cause: error, request: errorRequest(request) }
  const name = nameRequest(request)
  if (phase === 'body') {
    return new IncompleteBodyError(
      `${name}: the connection broke while the body was read, ${timeOf(request)}.`,
      details,
    )
  }
  return new ConnectionError(
    `${name} failed ${timeOf(request)}: ${messageOf(error)} ${hint}`,
    details,
  )
}

/** The runtime's own words, closed by a full stop. */
function messageOf(error: unknown): string {
  // By shape: node-fetch may come from another realm.
  const told = typeof error === 'object' && error !== null && 'message' in error
  const text = told && typeof error.message === 'string' ? error.message : 'no reason given'
  return /[.!?]$/.test(text) ? text : `${text}.`
}
