/** Which transport a URL goes through (layer 1); `Session.mount` of Python's `requests`. */
import type { Transport } from './ports.ts'

export class MountTable {
  #mounts: (readonly [prefix: string, transport: Transport])[] = []

  /** Prefixes are compared in lower case; a later mount of the same prefix takes its place. */
  set(prefix: string, transport: Transport): void {
    const lower = normalPrefix(prefix).toLowerCase()
    const others = this.#mounts.filter(([each]) => each !== lower)
    this.#mounts = [...others, [lower, transport] as const].sort(([a], [b]) => b.length - a.length)
  }

  /** That of the longest prefix, or null. */
  find(url: URL): Transport | null {
    if (this.#mounts.length === 0) return null
    const href = url.href.toLowerCase()
    return this.#mounts.find(([prefix]) => href.startsWith(prefix))?.[1] ?? null
  }
}

/** As URLs are spelt: without the port that a scheme has anyway, hosts in ASCII. A host that may go on
 *  (`http://api`) is left as it is. */
function normalPrefix(prefix: string): string {
  if (!/^https?:\/\/[^/]+(?:\/|:\d+$)/i.test(prefix)) return prefix
  try {
    return new URL(prefix).href
  } catch {
    // No URL begins with it.
    return prefix
  }
}
