/** Incremental hashes by node:crypto, under the names that HTTP uses (`SHA-256`, `MD5`). */
import type { Hasher } from '../../src/ports.ts'
import { findBuiltin } from './builtins.ts'

/** Null for an algorithm that is not known here. */
export function createHasher(algorithm: string): Hasher | null {
  const name = algorithm.toLowerCase().replace(/^sha-(?=\d)/, 'sha')
  const crypto = findBuiltin('crypto')
  if (crypto === undefined) return null
  try {
    const hash = crypto.createHash(name)
    return {
      update(bytes): void {
        hash.update(bytes)
      },
      digest: () => new Uint8Array(hash.digest()),
    }
  } catch {
    // Not compiled into this OpenSSL, or never heard of: the caller decides what that means.
    return null
  }
}
