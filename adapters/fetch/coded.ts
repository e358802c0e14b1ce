/** Which content codings a runtime has taken off, from what the response names. */
import type { HeaderFields } from '../../src/ports.ts'

/** Every coding named, lower case, in the order they were applied (RFC 9110 §8.4). */
export function codingsOf(headers: HeaderFields): readonly string[] {
  const named = headers.get('content-encoding')
  if (named === null) return []
  return named
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
}
