/**
 * The checks of a whole download: what the caller demands and what the server says. Bytes are hashed
 * as they come where they come in order; the others are read back at the end.
 */
import type { PartStore } from '../download-port.ts'
import { RequestError } from '../errors.ts'
import type { Hasher, Platform } from '../ports.ts'
import { unsupported } from '../unsupported.ts'
import { parseDigestField, readDigestValue, sameBytes, toHex } from './digest-fields.ts'
import { openHasher } from './hashing.ts'

export interface ChecksumInput {
  /** `SHA-256`, `SHA-512`, and whatever else the runtime hashes. */
  readonly algorithm: string
  /** Bytes, hexadecimal or base64. */
  readonly value: string | Uint8Array
}
export interface Checksum {
  readonly algorithm: string
  /** Hexadecimal. */
  readonly value: string
}
export type DigestPolicy = 'verify' | 'require' | 'ignore'

interface Check {
  readonly algorithm: string
  readonly hasher: Hasher
  /** Null: only to be computed. */
  readonly expected: Uint8Array | null
  readonly source: 'checksum' | 'Repr-Digest'
  /** Bytes hashed so far. */
  at: number
}

export class Integrity {
  readonly #platform: Platform
  readonly #policy: DigestPolicy
  readonly #demanded: ChecksumInput | string | null
  #checks: Check[] = []
  #field: string | null = null

  constructor(
    platform: Platform,
    demanded: ChecksumInput | string | null,
    policy: DigestPolicy = 'verify',
  ) {
    this.#platform = platform
    this.#demanded = demanded
    this.#policy = policy
  }

  /** Begins anew. @throws UnsupportedError for an unknown algorithm that is demanded. */
  async start(): Promise<void> {
    this.#checks = []
    this.#field = null
    if (this.#demanded === null) return
    const demanded = this.#demanded
    const [algorithm, value] =
      typeof demanded === 'string' ? [demanded, null] : [demanded.algorithm, demanded.value]
    const [hasher, length] = [await this.#open(algorithm), await this.#length(algorithm)]
    const expected = value === null ? null : readDigestValue(value, length)
    if (value !== null && expected === null) {
      throw new TypeError(
        `checksum.value must be ${String(length)} bytes, in hexadecimal or base64, for ${algorithm}.`,
      )
    }
    this.#checks.push({ algorithm, hasher, expected, source: 'checksum', at: 0 })
  }

  /** The Repr-Digest of an answer; true when it speaks of another version than the one before. */
  async announce(field: string | null, coded: boolean): Promise<boolean> {
    if (this.#policy === 'ignore' || coded) return false
    if (this.#field !== null) return field !== null && field !== this.#field
    const digests = parseDigestField(field)
    if (digests === null && this.#policy === 'require') throw noDigest('one that makes no sense')
    if (digests === null || digests.length === 0) return false
    this.#field = field
    for (const { algorithm, value } of digests) {
      const hasher = await this.#open(algorithm)
      this.#checks.push({ algorithm, hasher, expected: value, source: 'Repr-Digest', at: 0 })
    }
    return false
  }

  /** Bytes that are there now. */
  feed(offset: number, bytes: Uint8Array): void {
    for (const check of this.#checks) {
      if (check.at !== offset) continue
      check.hasher.update(bytes)
      check.at += bytes.length
    }
  }

  /** Reads back what has not been hashed. @throws RequestError with code CHECKSUM_MISMATCH */
  async verify(store: PartStore, total: number): Promise<Checksum | null> {
    if (this.#policy === 'require' && this.#field === null) throw noDigest('none that is known')
    await this.#catchUp(store, total)
    const results: Checksum[] = []
    for (const { algorithm, hasher, expected, source } of this.#checks) {
      const digest = await hasher.digest()
      if (expected !== null && !sameBytes(digest, expected)) {
        throw new RequestError(
          `The ${algorithm} of ${JSON.stringify(store.target)} is ${toHex(digest)}, and not ${toHex(expected)} as ${source === 'checksum' ? 'demanded' : 'the server says'}. The bytes were removed.`,
          { code: 'CHECKSUM_MISMATCH' },
        )
      }
      results.push({ algorithm, value: toHex(digest) })
    }
    return results[0] ?? null
  }

  async #catchUp(store: PartStore, total: number): Promise<void> {
    const behind = Math.min(total, ...this.#checks.map(({ at }) => at))
    if (this.#checks.length === 0 || behind >= total) return
    let at = behind
    for await (const bytes of store.read(behind, total)) {
      // Those that are further on have seen the beginning of a piece.
      for (const check of this.#checks) {
        const seen = check.at - at
        if (seen < 0 || seen >= bytes.length) continue
        check.hasher.update(seen === 0 ? bytes : bytes.subarray(seen))
        check.at = at + bytes.length
      }
      at += bytes.length
    }
  }

  async #open(algorithm: string): Promise<Hasher> {
    const hasher = await openHasher(this.#platform, algorithm)
    if (hasher !== null) return hasher
    throw unsupported(
      `The checksum ${JSON.stringify(algorithm)}`,
      this.#platform.runtime,
      'Use SHA-256 or SHA-512.',
    )
  }

  async #length(algorithm: string): Promise<number> {
    return (await (await this.#open(algorithm)).digest()).length
  }
}

function noDigest(what: string): RequestError {
  return new RequestError(
    `The server sends no Repr-Digest that can be checked (RFC 9530), ${what}, and \`digest: "require"\` demands one.`,
    { code: 'DIGEST_MISSING' },
  )
}
