/** Incremental hashes wherever this runs: the runtime's own, else those of @noble/hashes. */
import type { Hasher, Platform } from '../ports.ts'

/** Null for an algorithm that nobody here knows. Names as in RFC 9530: `SHA-256`, `sha-512`. */
export async function openHasher(platform: Platform, algorithm: string): Promise<Hasher | null> {
  // workerd has one at some compatibility dates.
  return platform.hash?.(algorithm) ?? nobleHasher(algorithm)
}

/** WebCrypto hashes nothing but whole buffers. */
async function nobleHasher(algorithm: string): Promise<Hasher | null> {
  const { sha256, sha384, sha512 } = await import('@noble/hashes/sha2.js')
  const found = { sha256, sha384, sha512 }
  const name = algorithm.toLowerCase().replace(/^sha-(?=\d)/, 'sha')
  if (!Object.hasOwn(found, name)) return null
  // Its own property, as has just been asked.
  const hash = found[name as keyof typeof found].create()
  return {
    update(bytes): void {
      hash.update(bytes)
    },
    digest: () => hash.digest(),
  }
}
