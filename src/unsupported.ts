/** What a runtime cannot do (layer 0): the one place that words an `UnsupportedError`. */
import { UnsupportedError } from './call-errors.ts'

/** @param what the option or member asked for; @param advice what to do instead, a sentence. */
export function unsupported(what: string, runtime: string, advice: string): UnsupportedError {
  return new UnsupportedError(`${what} is not possible on ${runtime}. ${advice}`)
}
