/** A file being written: under a random name beside the final one, renamed when it is complete. */
import { RequestError } from '../../src/errors.ts'
import type { FileSink } from '../../src/ports.ts'
import { builtin } from './builtins.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'
import { writeAll } from './write-all.ts'

/** One `writev` of about this much, while the next is collected: 1,158 MiB/s on Node 20. */
const WRITE_BYTES = 1024 * 1024
/** A folder with more files of one name is no accident. */
const MOST_NAMES = 1000

type NextPath = (times: number) => string

/** @param taken other paths, for when a file is there that may not be replaced. */
export async function createSink(path: string, taken?: NextPath): Promise<FileSink> {
  const paths = builtin('path')
  const target = paths.resolve(path)
  const random = builtin('crypto').randomBytes(8).toString('hex')
  const part = paths.join(paths.dirname(target), `.${paths.basename(target)}.${random}.part`)
  try {
    // `wx`: exclusive, so that no one can have put a link there (guarantee 24).
    const handle = await builtin('fs').promises.open(part, 'wx')
    return new NodeFileSink(handle, { part, target, taken: taken ?? null })
  } catch (error) {
    throw fileError(error, target)
  }
}

interface Paths {
  readonly part: string
  readonly target: string
  readonly taken: NextPath | null
}

class NodeFileSink implements FileSink {
  readonly #handle: FileHandle
  readonly #part: string
  readonly #taken: NextPath | null
  #target: string
  #chunks: Uint8Array[] = []
  #bytes = 0
  #writing: Promise<void> | null = null
  #state: 'open' | 'committed' | 'discarded' = 'open'

  constructor(handle: FileHandle, { part, target, taken }: Paths) {
    this.#handle = handle
    this.#part = part
    this.#target = target
    this.#taken = taken
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#state !== 'open') throw this.#closed()
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes < WRITE_BYTES) return
    await this.#writing
    this.#flush()
  }

  async commit(): Promise<string> {
    if (this.#state !== 'open') throw this.#closed()
    try {
      await this.#writing
      this.#flush()
      await this.#writing
      await this.#handle.close()
      // No fsync: the rename is atomic for every reader, and a crash of the machine is worth no
      // wait at each download.
      if (this.#taken !== null) await this.#reserve(this.#taken)
      await builtin('fs').promises.rename(this.#part, this.#target)
      this.#state = 'committed'
      return this.#target
    } catch (error) {
      await this.discard()
      throw fileError(error, this.#target)
    }
  }

  async discard(): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'discarded'
    this.#chunks = []
    try {
      await this.#writing
    } catch {
      // What could not be written is thrown away anyway.
    }
    try {
      await this.#handle.close()
    } catch {
      // Closed already, by a commit that failed later.
    }
    try {
      await builtin('fs').promises.unlink(this.#part)
    } catch {
      // Somebody else has removed it.
    }
  }

  /** An empty file of that name, made exclusively, is what the rename then replaces. */
  async #reserve(taken: NextPath): Promise<void> {
    for (let times = 1; ; times++) {
      try {
        await (await builtin('fs').promises.open(this.#target, 'wx')).close()
        return
      } catch (error) {
        if (!isTaken(error) || times > MOST_NAMES) throw error
        this.#target = builtin('path').resolve(taken(times))
      }
    }
  }

  #flush(): void {
    const chunks = this.#chunks
    const bytes = this.#bytes
    this.#chunks = []
    this.#bytes = 0
    if (bytes === 0) return
    const writing = this.#write(chunks)
    // Awaited by the next write or the commit.
    writing.catch(() => undefined)
    this.#writing = writing
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    try {
      await writeAll(this.#handle, chunks)
    } catch (error) {
      throw fileError(error, this.#target)
    }
  }

  #closed(): RequestError {
    return new RequestError(`The file ${JSON.stringify(this.#target)} is not open for writing.`, {
      code: 'FILE_CLOSED',
    })
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
