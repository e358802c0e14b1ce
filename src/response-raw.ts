/** A body before content decoding (layer 2). */
import { concatBytes } from './bytes.ts'
import { collectReader } from './decode/limit.ts'
import type { ByteReader } from './ports.ts'
import { arrivingChunks } from './response-chunks.ts'
import type { HeldBytes } from './response-iterate.ts'
import { checkSize } from './response-size.ts'

/** The bytes before content decoding, as `response.raw` hands them over. */
export class RawBody implements AsyncIterable<Uint8Array> {
  readonly #reader: ByteReader
  #held: HeldBytes | null = null
  readonly #keepLimit: number

  /** @param keepLimit bytes that a `read()` of everything may keep. */
  constructor(reader: ByteReader, keepLimit: number = Infinity) {
    this.#reader = reader
    this.#keepLimit = keepLimit
  }

  /** Exactly `size` bytes, fewer at the end, none after it; without a size, all that is left. */
  async read(size?: number | null): Promise<Uint8Array> {
    if (size === undefined || size === null) {
      const rest = await collectReader(this.#reader, this.#keepLimit)
      return this.#held === null ? rest : concatBytes([this.#held.take(this.#held.length), rest])
    }
    const wanted = checkSize(size, 0)
    const held = this.#held ?? (await this.#hold())
    while (held.length < wanted) {
      const chunk = await this.#reader.read()
      if (chunk === null) break
      held.push(chunk)
    }
    return held.take(Math.min(wanted, held.length))
  }

  /** What is left, as it arrives. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    if (this.#held !== null && this.#held.length > 0) yield this.#held.take(this.#held.length)
    yield* arrivingChunks(this.#reader)
  }

  close(): void {
    this.#reader.cancel()
  }

  async #hold(): Promise<HeldBytes> {
    const { HeldBytes: Held } = await import('./response-iterate.ts')
    this.#held ??= new Held()
    return this.#held
  }
}
