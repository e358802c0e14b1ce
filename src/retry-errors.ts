/** What is said when nothing is repeated any more, or never could be (leaf of step 3). */
import { RetryError, UnrewindableBodyError } from './errors.ts'
import type { ErrorRequest, ErrorResponse, RetryAttempt } from './errors.ts'

/** Every repetition for a status was spent. */
export function exhaustedError(
  { method, url }: ErrorRequest,
  history: readonly RetryAttempt[],
  response: ErrorResponse | undefined,
): RetryError {
  const outcomes = history.map(({ status, error }) =>
    status === null ? nameOf(error) : String(status),
  )
  return new RetryError(
    `${method} ${url} was sent ${String(history.length)} times, in vain: ${outcomes.join(', ')}.`,
    { request: { method, url }, history, response },
  )
}

/** There was a failure that would have been repeated, but for a body that is used up. */
export function usedUpError({ method, url }: ErrorRequest, cause: unknown): UnrewindableBodyError {
  return new UnrewindableBodyError(
    `${method} ${url}: the request failed (${nameOf(cause)}) and is not repeated, because its body can be sent only once. Pass a function that returns the stream, bytes, or file().`,
    { cause, request: { method, url } },
  )
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
