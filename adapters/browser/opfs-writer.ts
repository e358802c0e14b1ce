/** Writes parts into a directory of the File System API, each closed before it has 16 MiB. */
import { wholeBuffer } from '../../src/as-bytes.ts'
import type { PartWriter } from '../../src/download-port.ts'
import { RequestError } from '../../src/errors.ts'
import { storageError } from './storage-errors.ts'

const PART_BYTES = 16 * 1024 * 1024

/** One part after the other; a part's name is where it begins. */
export class OpfsPartWriter implements PartWriter {
  readonly #folder: FileSystemDirectoryHandle
  readonly #target: string
  #offset: number
  #open: FileSystemWritableFileStream | null = null
  #size = 0
  #queue: Promise<void> = Promise.resolve()

  constructor(folder: FileSystemDirectoryHandle, offset: number, target: string) {
    this.#folder = folder
    this.#offset = offset
    this.#target = target
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#enqueue(async () => {
      this.#open ??= await createWritable(this.#folder, String(this.#offset))
      await this.#open.write(wholeBuffer(bytes))
      this.#size += bytes.length
      if (this.#size >= PART_BYTES) await this.#close()
    })
  }

  get written(): number {
    return this.#offset
  }

  flush(): Promise<void> {
    return this.#enqueue(() => this.#close())
  }

  async #close(): Promise<void> {
    const open = this.#open
    this.#open = null
    if (open === null) return
    await open.close()
    this.#offset += this.#size
    this.#size = 0
  }

  /** Once something has failed, everything after it fails as well. */
  #enqueue(task: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(task).catch((error: unknown) => {
      throw error instanceof RequestError ? error : storageError(error, this.#target)
    })
    this.#queue = next
    next.catch(() => undefined)
    return next
  }
}

export async function createWritable(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemWritableFileStream> {
  return (await folder.getFileHandle(name, { create: true })).createWritable()
}
