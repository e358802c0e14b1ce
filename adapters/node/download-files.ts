/**
 * A download as files beside its final name, over node:fs, for Node, Deno and Bun: `name.part` has
 * the bytes, `name.part.json` the record, `name.part.lock` is there while somebody writes.
 */
import { numberedFileName } from '../../src/decode/file-name.ts'
import type { OpenParts, OpenPartsOptions, PartStore, PartWriter } from '../../src/download-port.ts'
import { RequestError } from '../../src/errors.ts'
import { builtin, findBuiltin } from './builtins.ts'
import type { FileHandle } from './builtins.ts'
import { askProcess, takeLock } from './download-lock.ts'
import type { Lock, ProcessCheck } from './download-lock.ts'
import { fileError } from './errors.ts'
import { files } from './files.ts'
import { FilePartWriter } from './part-writer.ts'
import { removeFile } from './remove-file.ts'
import { writeAll } from './write-all.ts'

const READ_BYTES = 1024 * 1024
const CHECKPOINT_MS = 100

export const openParts: OpenParts = (destination, options) =>
  openPart(destination, options, askProcess)

/** For Deno, where asking for a process would prompt. */
export const openPartsUnasked: OpenParts = (destination, options) =>
  openPart(destination, options, () => null)

async function openPart(
  destination: unknown,
  options: OpenPartsOptions,
  isAlive: ProcessCheck,
): Promise<PartStore | null> {
  if (typeof destination !== 'string' && !(destination instanceof URL)) return null
  const target = await chooseTarget(destination, options)
  try {
    return new FileParts(target, await takeLock(`${target}.part.lock`, target, options, isAlive))
  } catch (error) {
    // The lock stands for all that is written there.
    throw error instanceof RequestError && error.code === 'FILE_LOCKED'
      ? error
      : nameTarget(error, target)
  }
}

async function chooseTarget(path: string | URL, options: OpenPartsOptions): Promise<string> {
  const plain = typeof path === 'string' ? path : builtin('url').fileURLToPath(path)
  const whole = builtin('path').resolve(plain)
  const inside = await files.isDirectory(whole)
  const name = inside ? await options.name() : ''
  const wanted = inside ? files.join(whole, name) : whole
  if (options.overwrite() || !(await isThere(wanted))) return wanted
  if (!inside) throw fileError({ code: 'EEXIST' }, wanted)
  for (let number = 1; ; number++) {
    const next = files.join(whole, numberedFileName(name, number))
    if (!(await isThere(next))) return next
  }
}

class FileParts implements PartStore {
  readonly target: string
  readonly durable: boolean = true
  readonly random: boolean = true
  readonly checkpointMs: number = CHECKPOINT_MS
  readonly crc32?: (bytes: Uint8Array, previous: number) => number
  readonly #part: string
  readonly #state: string
  readonly #lock: Lock
  #handle: FileHandle | null = null
  /** What stands under the names of part and record is of this library. */
  #own = false

  constructor(target: string, lock: Lock) {
    this.target = target
    this.#part = `${target}.part`
    this.#state = `${target}.part.json`
    this.#lock = lock
    const zlib = findBuiltin('zlib')
    if (zlib?.crc32 !== undefined) this.crc32 = zlib.crc32
  }

  async loadState(): Promise<string | null> {
    const text = await readText(this.#state)
    const isFile = await isPlainFile(this.#part)
    if (isFile === null) return null
    if (text === null || !isFile) {
      // Another program's, or a link that leads elsewhere (guarantee 24).
      await this.setAside()
      return null
    }
    this.#handle = await this.#open('r+')
    this.#own = true
    return text
  }

  async saveState(text: string): Promise<void> {
    this.#check()
    // Only the holder of the lock writes it; one that is there was left by a process that died.
    const next = `${this.#state}.new`
    try {
      const handle = await createAnew(next)
      try {
        await writeAll(handle, [new TextEncoder().encode(text)])
      } finally {
        await handle.close()
      }
      await builtin('fs').promises.rename(next, this.#state)
    } catch (error) {
      await removeFile(next)
      throw nameTarget(error, this.target)
    }
  }

  async setAside(): Promise<void> {
    this.#own = false
    await this.#closeFile()
    const random = builtin('crypto').randomBytes(4).toString('hex')
    for (const path of [this.#part, this.#state]) {
      if (await isThere(path)) await rename(path, `${path}.aside-${random}`)
    }
  }

  async reset(): Promise<void> {
    this.#check()
    try {
      // Exclusively: what was there before has been taken over, or was set aside. A new file is not cut
      // down: ext4 writes one that ever was to the disk when it is closed.
      if (this.#handle === null) this.#handle = await this.#open('wx+')
      else await this.#handle.truncate(0)
      this.#own = true
    } catch (error) {
      throw nameTarget(error, this.target)
    }
  }

  async trim(ranges: readonly (readonly [start: number, end: number])[]): Promise<void> {
    this.#check()
    const handle = await this.#file()
    const end = Math.max(0, ...ranges.map((range) => range[1]))
    if ((await handle.stat()).size > end) await handle.truncate(end)
  }

  writer(offset: number): PartWriter {
    if (this.#handle === null) throw new TypeError('reset() or loadState() comes first.')
    return new FilePartWriter(this.#handle, this.target, offset)
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void> {
    const handle = await this.#file()
    for (let at = start; at < end;) {
      const wanted = Math.min(READ_BYTES, end - at)
      const buffer = new Uint8Array(wanted)
      const { bytesRead } = await handle.read(buffer, 0, wanted, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead)
    }
  }

  async commit(total: number): Promise<string> {
    const handle = await this.#file()
    try {
      const { size } = await handle.stat()
      if (size < total) throw new TypeError(`The part has ${String(size)} bytes.`)
      if (size > total) await handle.truncate(total)
      await this.#closeFile()
      this.#check()
      await rename(this.#part, this.target)
    } catch (error) {
      throw nameTarget(error, this.target)
    }
    await removeFile(this.#state)
    await this.#lock.release()
    return this.target
  }

  async close(): Promise<void> {
    await this.#closeFile()
    await this.#lock.release()
  }

  async discard(): Promise<void> {
    await this.#closeFile()
    if (this.#lock.lost === null && this.#own) {
      await removeFile(this.#part)
      await removeFile(this.#state)
    }
    await this.#lock.release()
  }

  /** What stands there may be somebody else's by now. */
  #check(): void {
    if (this.#lock.lost !== null) throw this.#lock.lost
  }

  async #file(): Promise<FileHandle> {
    this.#handle ??= await this.#open('r+')
    return this.#handle
  }

  async #open(flags: string): Promise<FileHandle> {
    try {
      return await builtin('fs').promises.open(this.#part, flags)
    } catch (error) {
      throw nameTarget(error, this.target)
    }
  }

  async #closeFile(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }
}

async function createAnew(path: string): Promise<FileHandle> {
  const { promises } = builtin('fs')
  try {
    return await promises.open(path, 'wx', 0o600)
  } catch (error) {
    if (fileError(error, path).code !== 'FILE_EXISTS') throw error
    await promises.unlink(path)
    return promises.open(path, 'wx', 0o600)
  }
}

async function rename(from: string, to: string): Promise<void> {
  await builtin('fs').promises.rename(from, to)
}

async function readText(path: string): Promise<string | null> {
  if ((await isPlainFile(path)) !== true) return null
  return new TextDecoder().decode(await builtin('fs').promises.readFile(path))
}

/** Null when there is nothing; a link is not followed, and is no plain file. */
async function isPlainFile(path: string): Promise<boolean | null> {
  try {
    return (await builtin('fs').promises.lstat(path)).isFile()
  } catch (error) {
    const failure = fileError(error, path)
    if (failure.code === 'FILE_NOT_FOUND') return null
    throw failure
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await isPlainFile(path)) !== null
}

/** The caller knows the final name, and not those beside it. */
function nameTarget(error: unknown, target: string): RequestError {
  const cause: unknown = error instanceof RequestError ? error.cause : undefined
  return fileError(cause ?? error, target)
}
