/** Reads a part of a file in large pieces, one ahead of the consumer. */
import { builtin } from './builtins.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'

/** A read costs a turn through the thread pool: with half as much it was a sixth slower. */
const READ_BYTES = 1024 * 1024
/** The piece that is being sent, the one before it, and the one that is being read. */
const BUFFERS = 3

export interface ReadRange {
  readonly start: number
  readonly end: number
  /** Pieces lie in memory that is used again: see `OpenFile.read`. */
  readonly lend: boolean
}

export class FileReader implements AsyncIterator<Uint8Array> {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #end: number
  /** The oldest first; null where nothing is lent. */
  readonly #buffers: Uint8Array[] | null
  #at: number
  #ahead: Promise<Uint8Array | null> | null = null

  constructor(handle: FileHandle, path: string, { start, end, lend }: ReadRange) {
    this.#handle = handle
    this.#path = path
    this.#at = start
    this.#end = end
    this.#buffers = lend && socketsHoldLess() ? [] : null
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const bytes = await (this.#ahead ?? this.#load())
    this.#ahead = null
    if (bytes === null) return { done: true, value: undefined }
    if (this.#at < this.#end) {
      this.#ahead = this.#load()
      // Reported by the `next` that awaits it; nobody may come for it after a failed request.
      this.#ahead.catch(() => undefined)
    }
    return { done: false, value: bytes }
  }

  async #load(): Promise<Uint8Array | null> {
    const wanted = Math.min(READ_BYTES, this.#end - this.#at)
    if (wanted <= 0) return null
    try {
      const buffer = this.#takeBuffer(wanted)
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, this.#at)
      // The file has shrunk: the pump tells that fewer bytes came than were promised.
      if (bytesRead === 0) return null
      this.#at += bytesRead
      // Only full pieces are surely written when two more have been asked for; others are given away.
      if (bytesRead === READ_BYTES) this.#buffers?.push(buffer)
      return bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead)
    } catch (error) {
      throw fileError(error, this.#path)
    }
  }

  #takeBuffer(wanted: number): Uint8Array {
    const full = this.#buffers !== null && this.#buffers.length >= BUFFERS
    const used = full && wanted === READ_BYTES ? this.#buffers?.shift() : undefined
    return used ?? new Uint8Array(wanted)
  }
}

/** A socket takes more before the last piece is written only up to this mark: 64 KiB, unless the
 *  program has set another. */
function socketsHoldLess(): boolean {
  return (builtin('stream').getDefaultHighWaterMark?.(false) ?? 0) <= READ_BYTES
}
