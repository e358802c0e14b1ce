/** Headers without those that carry credentials (layer 0). */
import type { HeaderPair, HeaderPairs } from './ports.ts'
import { isSecretHeader } from './secret-headers.ts'

/** @param declared names that the user declared secret, besides the well-known ones. */
export function withoutSecretHeaders(
  headers: HeaderPairs,
  declared: readonly string[] = [],
): HeaderPair[] {
  const own = new Set(declared.map((name) => name.toLowerCase()))
  return headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return !isSecretHeader(lower) && !own.has(lower)
  })
}
