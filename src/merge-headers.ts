/** Header fields of a session and of a call, put together (layer 0). */
import { describe } from './bytes.ts'
import { checkName, checkValue, headerEntries } from './headers.ts'
import type { Headers } from './headers.ts'
import type { HeaderPair, HeaderPairs } from './ports.ts'
import type { HeadersInput } from './types.ts'

/** Merges defaults with what was given: a given name replaces all fields of that name, `null`
 *  removes them. */
export function mergeHeaders(
  defaults: HeaderPairs,
  given: HeadersInput | Headers | null | undefined,
): HeaderPairs {
  if (given === undefined) return defaults
  if (given === null) return []
  const replaced = new Set<string>()
  const added: HeaderPair[] = []
  for (const pair of headerEntries(given)) {
    // A text would fall apart into its first two characters.
    if (!Array.isArray(pair)) throw new TypeError(`A header is a pair, not ${describe(pair)}.`)
    const [name, value] = pair
    if (value === undefined) continue
    replaced.add(checkName(name).toLowerCase())
    if (value !== null) added.push([name, checkValue(name, value)])
  }
  // Joined so, a list has no room for more: there may be one for each of many sessions.
  return defaults.filter(([name]) => !replaced.has(name.toLowerCase())).concat(added)
}
