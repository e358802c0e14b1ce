/** The pieces of a body, put together. */
import { concatBytes } from '../../src/bytes.ts'

/** An announced length is a claim: no more than this is reserved for it at once. */
const RESERVE_LIMIT = 64 * 1024 * 1024

/** In one buffer when the length was announced, else at the end. */
export class Gathered {
  readonly #reserved: Uint8Array
  readonly #chunks: Uint8Array[] = []
  #filled = 0
  length = 0

  /** @param announced how many bytes there will be, or null. */
  constructor(first: Uint8Array, announced: number | null) {
    const reserve = announced !== null && announced <= RESERVE_LIMIT && announced > first.length
    this.#reserved = new Uint8Array(reserve ? announced : 0)
    this.add(first)
  }

  add(chunk: Uint8Array): void {
    this.length += chunk.length
    if (this.length > this.#reserved.length) {
      this.#chunks.push(chunk)
      return
    }
    this.#reserved.set(chunk, this.#filled)
    this.#filled = this.length
  }

  bytes(): Uint8Array {
    if (this.#chunks.length === 0) return this.#reserved.subarray(0, this.#filled)
    if (this.#filled > 0) this.#chunks.unshift(this.#reserved.subarray(0, this.#filled))
    return concatBytes(this.#chunks, this.length)
  }
}
