/** Header fields of a session and of a call, put together (layer 0). */
import { describe } from './bytes.ts'
import { isNamed } from './header-list.ts'
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
  const replaced: string[] = []
  const added: HeaderPair[] = []
  for (const pair of headerEntries(given)) {
    // A text would fall apart into its first two characters.
    if (!Array.isArray(pair)) throw new TypeError(`A header is a pair, not ${describe(pair)}.`)
    const [name, value] = pair
    if (value === undefined) continue
    replaced.push(checkName(name).toLowerCase())
    if (value !== null) added.push([name, checkValue(name, value)])
  }
  // Joined so, a list has no room for more: there may be one for each of many sessions.
  return defaults.filter(([name]) => !replaced.some((each) => isNamed(name, each))).concat(added)
}

/** What some call has said, and what came of it: null while only one has. */
interface Said {
  readonly defaults: HeaderPairs
  readonly names: readonly string[]
  readonly values: readonly unknown[]
  merged: HeaderPairs | null
}

/** A program says a few things, again and again. */
const MOST_KEPT = 4
const kept: Said[] = []

/** As `mergeHeaders`, for a call: what has been said before is merged no more, and goes out as the very
 *  list of that time, of which much is known further down. */
export function mergeCallHeaders(
  defaults: HeaderPairs,
  given: HeadersInput | Headers | null | undefined,
): HeaderPairs {
  if (typeof given !== 'object' || given === null || Symbol.iterator in given) {
    return mergeHeaders(defaults, given)
  }
  const known = kept.find((each) => each.defaults === defaults && isSaid(each, given))
  // Frozen, since others will be given the same.
  if (known !== undefined) return (known.merged ??= Object.freeze(mergeHeaders(defaults, given)))
  const merged = mergeHeaders(defaults, given)
  if (kept.length === MOST_KEPT) kept.shift()
  kept.push({ defaults, names: Object.keys(given), values: Object.values(given), merged: null })
  return merged
}

function isSaid({ names, values }: Said, given: Readonly<Record<string, unknown>>): boolean {
  let at = 0
  // Inherited names, too, of which none was said: then the merge decides.
  for (const name in given) {
    if (names[at] !== name || values[at] !== given[name] || !Object.hasOwn(given, name))
      return false
    at += 1
  }
  return at === names.length
}
