/** What a request line asks for (layer 0), alike for those who send it and those who sign it. */
import { withoutFragment } from './shown-url.ts'

/** Path and query. `search` does not tell an empty query from none, but the target does. */
export function requestTarget(url: URL): string {
  const { pathname, search } = url
  return search === '' && withoutFragment(url).endsWith('?') ? `${pathname}?` : pathname + search
}
