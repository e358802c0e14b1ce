/** Cookie name prefixes (RFC 6265bis §5.4 and §5.7 steps 20 to 22), case-insensitive. */

export type NamePrefix = 'host' | 'secure'

export function namePrefix(name: string): NamePrefix | null {
  if (!name.startsWith('__')) return null
  const lower = name.slice(0, 9).toLowerCase()
  if (lower.startsWith('__host-')) return 'host'
  return lower === '__secure-' ? 'secure' : null
}

export interface PrefixFacts {
  readonly name: string
  readonly value: string
  readonly secure: boolean
  readonly hostOnly: boolean
  /** Null when no Path attribute was named: the prefix wants it named. */
  readonly explicitPath: string | null
}

/** Why the name's promise does not hold, or null. */
export function prefixFault(cookie: PrefixFacts): string | null {
  if (cookie.name === '') {
    // A server reads the pair `__Host-a=b` alike, whether it was a name or a nameless value.
    const prefixed = namePrefix(cookie.value) !== null
    return prefixed ? 'a cookie without name has a value that looks like a prefixed name' : null
  }
  const prefix = namePrefix(cookie.name)
  if (prefix === null) return null
  if (!cookie.secure) return 'its prefix demands Secure'
  if (prefix === 'secure') return null
  if (!cookie.hostOnly) return 'the prefix __Host- forbids Domain'
  return cookie.explicitPath === '/' ? null : 'the prefix __Host- demands Path=/'
}
