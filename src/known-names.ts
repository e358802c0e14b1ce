/** Names in bags of options (layer 0): one that nobody reads would silently not hold. */
import { describe } from './bytes.ts'

/**
 * @param known has a member for each name. @param isMore tells what else is known.
 * @throws TypeError for what is misspelt, and for what is no bag: `post(url, 'the body')`.
 */
export function checkNames(
  what: string,
  given: object,
  known: object,
  isMore: (name: string) => boolean = never,
): void {
  if (typeof given !== 'object' || Symbol.iterator in given) {
    throw new TypeError(`The ${what}s must be an object, not ${describe(given)}.`)
  }
  for (const name in given) {
    if (!Object.hasOwn(given, name) || name in known || isMore(name)) continue
    if (Reflect.get(given, name) !== undefined) {
      throw new TypeError(`There is no ${what} ${JSON.stringify(name)}.`)
    }
  }
}

function never(): boolean {
  return false
}
