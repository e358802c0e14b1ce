/**
 * A download in a browser: parts of at most 16 MiB as files of their own, each closed when it is
 * full, since a file of the origin private file system keeps nothing that was not closed. Put
 * together under the final name when all are there.
 */
import { numberedFileName } from '../../src/decode/file-name.ts'
import type { OpenParts, OpenPartsOptions, PartStore, PartWriter } from '../../src/download-port.ts'
import { storageError } from './storage-errors.ts'
import { forgetHandle, idOfHandle } from './handle-ids.ts'
import { createWritable, OpfsPartWriter } from './opfs-writer.ts'
import { takeWebLock } from './web-lock.ts'
import type { WebLock } from './web-lock.ts'

/** A part is closed for each record, so a record costs a file. */
const CHECKPOINT_MS = 2_000
const STATE = 'state.json'
/** Where the parts for a handle of a picker are, which has no directory to put them in. */
const PARTS_FOLDER = '.ubiquest-downloads'

export const openParts: OpenParts = async (destination, options) => {
  // WebKit before 26 has none, nor has a page without a secure origin.
  if (typeof FileSystemDirectoryHandle === 'undefined') return null
  if (destination instanceof FileSystemDirectoryHandle) return inDirectory(destination, options)
  if (destination instanceof FileSystemFileHandle) return forHandle(destination, options)
  return null
}

async function inDirectory(
  directory: FileSystemDirectoryHandle,
  options: OpenPartsOptions,
): Promise<PartStore> {
  const name = await freeName(directory, await options.name(), options)
  const lock = await takeWebLock(await lockName(directory, name), name, options)
  return openStore(lock, directory, `${name}.part`, { name, directory })
}

async function forHandle(
  handle: FileSystemFileHandle,
  options: OpenPartsOptions,
): Promise<PartStore> {
  const { name } = handle
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(PARTS_FOLDER, { create: true })
  for (;;) {
    const id = await idOfHandle(handle)
    const lock = await takeWebLock(await lockName(folder, id), name, options)
    // Who has held the lock until now may be done with this id.
    if ((await idOfHandle(handle)) === id) {
      return openStore(lock, folder, id, { name, handle, forget: () => forgetHandle(id) })
    }
    lock.release()
  }
}

interface Target {
  readonly name: string
  readonly directory?: FileSystemDirectoryHandle
  readonly handle?: FileSystemFileHandle
  /** The parts are gone, and with them the need to know whose they were. */
  readonly forget?: () => Promise<void>
}

async function openStore(
  lock: WebLock,
  parent: FileSystemDirectoryHandle,
  folder: string,
  target: Target,
): Promise<PartStore> {
  try {
    const parts = await parent.getDirectoryHandle(folder, { create: true })
    return new OpfsParts(lock, parent, parts, target)
  } catch (error) {
    lock.release()
    throw storageError(error, target.name)
  }
}

async function freeName(
  directory: FileSystemDirectoryHandle,
  name: string,
  options: OpenPartsOptions,
): Promise<string> {
  if (options.overwrite()) return name
  for (let number = 0; ; number++) {
    const tried = number === 0 ? name : numberedFileName(name, number)
    if ((await findFile(directory, tried)) === null) return tried
  }
}

/** Locks are the origin's: the path tells two folders apart, where there is one. */
async function lockName(directory: FileSystemDirectoryHandle, name: string): Promise<string> {
  const root = await navigator.storage.getDirectory()
  const path = (await root.resolve(directory)) ?? ['', directory.name]
  return ['ubiquest-download', ...path, name].join('/')
}

class OpfsParts implements PartStore {
  readonly target: string
  readonly durable: boolean = true
  readonly random: boolean = true
  readonly checkpointMs: number = CHECKPOINT_MS
  readonly #lock: WebLock
  readonly #parent: FileSystemDirectoryHandle
  readonly #folder: FileSystemDirectoryHandle
  readonly #to: Target

  constructor(
    lock: WebLock,
    parent: FileSystemDirectoryHandle,
    folder: FileSystemDirectoryHandle,
    target: Target,
  ) {
    this.#lock = lock
    this.#parent = parent
    this.#folder = folder
    this.#to = target
    this.target = target.name
  }

  async loadState(): Promise<string | null> {
    const file = await findFile(this.#folder, STATE)
    return file === null ? null : await (await file.getFile()).text()
  }

  saveState(text: string): Promise<void> {
    // `close()` puts the new bytes in the place of the old ones, all at once.
    return this.#guard(() => writeFile(this.#folder, STATE, [text]))
  }

  async setAside(): Promise<void> {
    // A page sees these parts and nobody else does: a damaged record is of no use to anyone.
    await this.#guard(() => this.#clear(() => true))
  }

  async reset(): Promise<void> {
    await this.#guard(() => this.#clear((name) => name !== STATE))
  }

  async trim(ranges: readonly (readonly [start: number, end: number])[]): Promise<void> {
    const inside = (at: number): boolean => ranges.some(([start, end]) => at >= start && at < end)
    await this.#guard(() => this.#clear((name) => name !== STATE && !inside(Number(name))))
  }

  writer(offset: number): PartWriter {
    return new OpfsPartWriter(this.#folder, offset, this.target)
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void> {
    for await (const blob of this.#pieces(start, end)) {
      const reader = blob.stream().getReader()
      for (let { done, value } = await reader.read(); !done && value !== undefined;) {
        yield value
        ;({ done, value } = await reader.read())
      }
    }
  }

  async commit(total: number): Promise<string> {
    await this.#guard(async () => {
      const { name, directory } = this.#to
      const pieces: Blob[] = []
      let bytes = 0
      for await (const piece of this.#pieces(0, total)) {
        pieces.push(piece)
        bytes += piece.size
      }
      if (bytes !== total) throw new TypeError(`The parts have ${String(bytes)} bytes.`)
      const handle = this.#to.handle ?? (await directory?.getFileHandle(name, { create: true }))
      if (handle !== undefined) await pour(handle, pieces)
    })
    // The file is there: parts that cannot be removed now are no failure.
    await this.discard().catch(() => this.#lock.release())
    return this.target
  }

  close(): Promise<void> {
    this.#lock.release()
    return Promise.resolve()
  }

  async discard(): Promise<void> {
    await this.#clear(() => true)
    await this.#parent.removeEntry(this.#folder.name, { recursive: true })
    await this.#to.forget?.()
    this.#lock.release()
  }

  /** The bytes in order, from as few parts as there are; ends early where some are missing. */
  async *#pieces(start: number, end: number): AsyncGenerator<Blob, void> {
    const offsets = (await namesIn(this.#folder)).filter((name) => name !== STATE).map(Number)
    offsets.sort((a, b) => b - a)
    for (let at = start; at < end;) {
      const from = offsets.find((offset) => offset <= at)
      const file = from === undefined ? null : await findFile(this.#folder, String(from))
      if (from === undefined || file === null) return
      const blob = (await file.getFile()).slice(at - from, end - from)
      if (blob.size === 0) return
      at += blob.size
      yield blob
    }
  }

  async #clear(which: (name: string) => boolean): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      if (which(name)) await this.#folder.removeEntry(name, { recursive: true })
    }
  }

  #guard<T>(task: () => Promise<T>): Promise<T> {
    return guard(this.target, task)
  }
}

async function guard<T>(target: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    throw storageError(error, target)
  }
}

async function pour(handle: FileSystemFileHandle, pieces: readonly Blob[]): Promise<void> {
  const writable = await handle.createWritable()
  try {
    for (const piece of pieces) await writable.write(piece)
    await writable.close()
  } catch (error) {
    await writable.abort().catch(() => undefined)
    throw error
  }
}

async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  pieces: readonly string[],
): Promise<void> {
  const writable = await createWritable(folder, name)
  for (const piece of pieces) await writable.write(piece)
  await writable.close()
}

async function findFile(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle | null> {
  try {
    return await folder.getFileHandle(name)
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError') return null
    throw storageError(error, name)
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  // The DOM's types leave out that a directory can be iterated.
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    names.push(name)
  }
  return names
}
