/**
 * Whether a Zstandard stream is complete (RFC 8878 §3.1): `node:zlib` on Deno and Bun ends a cut one
 * in silence, and on Deno it drops what follows a frame in the same piece. Only the frames' skeleton is
 * read; what is in the blocks is the decoder's business.
 */

const MAGIC = 0xfd2fb528
/** §3.1.2: the low four bits are free. */
const SKIPPABLE = 0x184d2a50
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]

type Part = 'magic' | 'skippable' | 'descriptor' | 'header' | 'block' | 'content' | 'checksum'

export class ZstdFrames {
  #part: Part = 'magic'
  /** The fixed bytes of a part, collected; contents are only counted. */
  #field: number[] = []
  #left = 4
  #hasChecksum = false
  #isLast = false
  #isDamaged = false

  /** At the end of a frame, or before the first. */
  get isComplete(): boolean {
    return !this.#isDamaged && this.#part === 'magic' && this.#field.length === 0
  }

  /** Reads as far as a frame goes; returns how many bytes that were. */
  push(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length && !this.#isDamaged) {
      const isField = this.#part !== 'content' && this.#part !== 'header'
      const taken = isField ? 1 : Math.min(this.#left, bytes.length - at)
      if (isField) this.#field.push(bytes[at] ?? 0)
      at += taken
      this.#left -= taken
      while (this.#left === 0 && !this.#isDamaged) this.#next()
      if (this.isComplete) return at
    }
    return bytes.length
  }

  #next(): void {
    const field = this.#field
    const value = field.reduceRight((sum, byte) => sum * 256 + byte, 0)
    this.#field = []
    switch (this.#part) {
      case 'magic':
        if (value === MAGIC) this.#expect('descriptor', 1)
        else if (value - (value % 16) === SKIPPABLE) this.#expect('skippable', 4)
        else this.#isDamaged = true
        return
      case 'skippable':
        this.#isLast = true
        this.#hasChecksum = false
        this.#expect('content', value)
        return
      case 'descriptor':
        this.#readDescriptor(value)
        return
      case 'block':
        this.#isLast = (value & 1) === 1
        // A block of one repeated byte has that byte alone (§3.1.1.2.2).
        this.#expect('content', ((value >> 1) & 3) === 1 ? 1 : value >> 3)
        return
      case 'content':
        if (!this.#isLast) this.#expect('block', 3)
        else if (this.#hasChecksum) this.#expect('checksum', 4)
        else this.#expect('magic', 4)
        return
      case 'header':
        this.#expect('block', 3)
        return
      case 'checksum':
        this.#expect('magic', 4)
    }
  }

  /** §3.1.1.1.1 */
  #readDescriptor(descriptor: number): void {
    const isSingle = (descriptor & 0x20) !== 0
    const flag = descriptor >> 6
    const size = flag === 0 && isSingle ? 1 : (CONTENT_SIZE_BYTES[flag] ?? 0)
    this.#hasChecksum = (descriptor & 4) !== 0
    this.#expect('header', (isSingle ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + size)
  }

  #expect(part: Part, bytes: number): void {
    this.#part = part
    this.#left = bytes
  }
}
