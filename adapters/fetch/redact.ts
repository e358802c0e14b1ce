/** What a runtime says about a failure, without the secrets of the URL: Bun and node-fetch repeat it
 *  in their messages and members, which loggers print with the cause of our error. */
import { redactURL } from '../../src/shown-url.ts'

const TEXTS = ['message', 'stack', 'path'] as const

/** Changes the error itself, which was made for this request alone. */
export function redactError(error: unknown, { url }: { readonly url: URL }): void {
  if (url.search === '' || typeof error !== 'object' || error === null) return
  const shown = redactURL(url)
  for (const name of TEXTS) {
    const text: unknown = Reflect.get(error, name)
    if (typeof text !== 'string' || !text.includes(url.search)) continue
    const safe = text.replaceAll(url.href, shown).replaceAll(url.search, new URL(shown).search)
    // A frozen error is no reason to fail in another way.
    Reflect.set(error, name, safe)
  }
}
