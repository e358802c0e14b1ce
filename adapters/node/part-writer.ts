/** Writes into a part file from a place on: collects half a mebibyte, and writes it behind. */
import type { PartWriter } from '../../src/download-port.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'
import { lengthOf, WRITE_BYTES, writeAll } from './write-all.ts'

export class FilePartWriter implements PartWriter {
  written: number
  readonly #handle: FileHandle
  readonly #path: string
  #position: number
  #chunks: Uint8Array[] = []
  #bytes = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle, path: string, position: number) {
    this.#handle = handle
    this.#path = path
    this.#position = position
    this.written = position
  }

  write(bytes: Uint8Array): Promise<void> | null {
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes < WRITE_BYTES) return null
    const before = this.#writing
    this.#start()
    // One write ahead: the next half is collected while this one is written.
    return before
  }

  async flush(): Promise<void> {
    this.#start()
    await this.#writing
  }

  #start(): void {
    const chunks = this.#chunks
    const bytes = this.#bytes
    if (bytes === 0) return
    this.#chunks = []
    this.#bytes = 0
    const position = this.#position
    this.#position += bytes
    this.#writing = this.#writing.then(() => this.#write(chunks, position))
    // Told by the next write or flush, and by every one after it.
    this.#writing.catch(() => undefined)
  }

  async #write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    try {
      await writeAll(this.#handle, chunks, position)
      this.written = position + lengthOf(chunks)
    } catch (error) {
      throw fileError(error, this.#path)
    }
  }
}
