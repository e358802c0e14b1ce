/** Writes into a part file from a place on: collects half a mebibyte, and writes it behind. */
import type { PartWriter } from '../../src/download-port.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'
import { freeBytes } from './free-bytes.ts'
import { lengthOf, WRITE_BYTES, writeAll } from './write-all.ts'

/** Writes that may wait for each other while the next one is collected: with one, socket and disk take
 *  turns, and 512 MiB take a fifth longer on two busy cores. */
const MOST_AHEAD = 3

interface Batch {
  readonly chunks: readonly Uint8Array[]
  /** Of no use to anybody once they are written. */
  readonly disposable: boolean
  readonly position: number
}

export class FilePartWriter implements PartWriter {
  written: number
  readonly #handle: FileHandle
  readonly #path: string
  #position: number
  #chunks: Uint8Array[] = []
  #bytes = 0
  #disposable = true
  #writing: Promise<void> = Promise.resolve()
  #ahead: Promise<void>[] = []

  constructor(handle: FileHandle, path: string, position: number) {
    this.#handle = handle
    this.#path = path
    this.#position = position
    this.written = position
  }

  write(bytes: Uint8Array, disposable: boolean): Promise<void> | null {
    this.#chunks.push(bytes)
    this.#disposable &&= disposable
    this.#bytes += bytes.length
    if (this.#bytes < WRITE_BYTES) return null
    this.#start()
    this.#ahead.push(this.#writing)
    return this.#ahead.length > MOST_AHEAD ? (this.#ahead.shift() ?? null) : null
  }

  async flush(): Promise<void> {
    this.#start()
    await this.#writing
  }

  #start(): void {
    if (this.#bytes === 0) return
    const batch = { chunks: this.#chunks, disposable: this.#disposable, position: this.#position }
    this.#position += this.#bytes
    this.#chunks = []
    this.#bytes = 0
    this.#disposable = true
    this.#writing = this.#writing.then(() => this.#write(batch))
    // Told by the next write or flush, and by every one after it.
    this.#writing.catch(() => undefined)
  }

  async #write({ chunks, disposable, position }: Batch): Promise<void> {
    try {
      await writeAll(this.#handle, chunks, position)
      this.written = position + lengthOf(chunks)
      // Page by page from the system, and back when the garbage is collected, costs more than a write.
      if (disposable) freeBytes(chunks)
    } catch (error) {
      throw fileError(error, this.#path)
    }
  }
}
