/** Content codings (leaf of step 4): which of them are still on a body (RFC 9110 §8.4). */

/** The codings of a Content-Encoding header, in lower case. */
export function parseCodings(header: string | null): string[] {
  if (header === null) return []
  return header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '')
}

const KNOWN: ReadonlySet<string> = /* @__PURE__ */ new Set(['gzip', 'deflate', 'br', 'zstd'])

/** What to take off, outermost first. Ends at a coding HTTP does not know: like browsers and
 *  Python's requests, what lies beneath is handed over as it is. */
export function remainingSteps(codings: readonly string[], undone: readonly string[]): string[] {
  if (codings.length === 0) return []
  const removed = undone.map(canonical)
  const steps: string[] = []
  for (const coding of codings.map(canonical).reverse()) {
    const at = removed.indexOf(coding)
    if (at !== -1) removed.splice(at, 1)
    else if (KNOWN.has(coding)) steps.push(coding)
    else if (coding !== 'identity') break
  }
  return steps
}

/** RFC 9110 §8.4.1.3: x-gzip is gzip. */
function canonical(coding: string): string {
  const lower = coding.toLowerCase()
  return lower === 'x-gzip' ? 'gzip' : lower
}
