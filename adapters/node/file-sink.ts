/** A file being written: under a random name beside the final one, renamed when it is complete. */
import { RequestError } from '../../src/errors.ts'
import type { CreateOptions, FileSink } from '../../src/ports.ts'
import { builtin } from './builtins.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'
import { freeBytes } from './free-bytes.ts'
import { WRITE_BYTES, writeAll } from './write-all.ts'

/** A folder with more files of one name is no accident. */
const MOST_NAMES = 1000

export type WriteHandle = Pick<FileHandle, 'writev' | 'close'>
export interface SinkOptions extends CreateOptions {
  /** Makes the file, and fails when there is one. */
  readonly open?: (path: string) => Promise<WriteHandle>
}

export async function createSink(path: string, options: SinkOptions): Promise<FileSink> {
  const paths = builtin('path')
  const target = paths.resolve(path)
  const random = builtin('crypto').randomBytes(8).toString('hex')
  // The beginning alone: most file systems take 255 bytes, which the name may have by itself.
  const start = paths.basename(target).slice(0, 50)
  const part = paths.join(paths.dirname(target), `.${start}.${random}.part`)
  try {
    // Exclusive, so that no one can have put a link there (guarantee 24).
    const handle = await (options.open ?? openNew)(part)
    return new NodeFileSink(handle, { part, target, options })
  } catch (error) {
    throw fileError(error, target)
  }
}

function openNew(path: string): Promise<WriteHandle> {
  return builtin('fs').promises.open(path, 'wx')
}

interface SinkPlan {
  readonly part: string
  readonly target: string
  readonly options: CreateOptions
}

class NodeFileSink implements FileSink {
  readonly #handle: WriteHandle
  readonly #part: string
  readonly #options: CreateOptions
  #target: string
  #chunks: Uint8Array[] = []
  #bytes = 0
  #writing: Promise<void> | null = null
  #state: 'open' | 'committed' | 'discarded' = 'open'

  constructor(handle: WriteHandle, { part, target, options }: SinkPlan) {
    this.#handle = handle
    this.#part = part
    this.#target = target
    this.#options = options
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
      const { taken } = this.#options
      if (taken !== undefined) await this.#reserve(taken)
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
  async #reserve(taken: NonNullable<CreateOptions['taken']>): Promise<void> {
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
      if (this.#options.disposable === true) freeBytes(chunks)
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
