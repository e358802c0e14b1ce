/** What a runtime cannot do (layer 0): the one place that words an `UnsupportedError`. */
import { UnsupportedError } from './call-errors.ts'
import type { RuntimeName } from './ports.ts'

/** @param what the option or member asked for; @param advice what to do instead, a sentence. */
export function unsupported(what: string, runtime: string, advice: string): UnsupportedError {
  return new UnsupportedError(`${what} is not possible on ${runtime}. ${advice}`)
}

/** A member of the platform that may be missing. */
export function demand<T>(
  member: T | undefined,
  what: string,
  runtime: RuntimeName,
  advice: string,
): T {
  if (member === undefined) throw unsupported(what, runtime, advice)
  return member
}
