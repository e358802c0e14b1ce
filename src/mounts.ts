/** Which transport a URL goes through (layer 1); `Session.mount` of Python's `requests`. */
import type { Transport } from './ports.ts'

export class MountTable {
  #mounts: (readonly [prefix: string, transport: Transport])[] = []

  /** Prefixes are compared in lower case; a later mount of the same prefix takes its place.
   *  @throws TypeError for a host that none can be. */
  set(prefix: string, transport: Transport): void {
    // As URLs are spelt: without the port that a scheme has anyway, hosts in ASCII. A host that may go
    // on (`http://api`) is left as it is.
    const normal = /\/\/.+(\/|:\d+$)/.test(prefix) ? new URL(prefix).href : prefix
    const lower = normal.toLowerCase()
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
