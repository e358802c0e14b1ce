/** Files by path, over node:fs: for Node, Deno and Bun. */
import { RequestError } from '../../src/errors.ts'
import type { CreateOptions, FileSink, FileSystem, OpenFile } from '../../src/ports.ts'
import { guessMediaType } from '../../src/body/media-type.ts'
import { builtin } from './builtins.ts'
import type { FileHandle } from './builtins.ts'
import { fileError } from './errors.ts'
import { FileReader } from './file-reader.ts'
import { createSink } from './file-sink.ts'

export const files: FileSystem = {
  async open(path: string | URL): Promise<OpenFile> {
    const name = toPath(path)
    try {
      return await openFile(name)
    } catch (error) {
      throw fileError(error, name)
    }
  },
  create(path: string | URL, options: CreateOptions = {}): Promise<FileSink> {
    return createSink(toPath(path), options)
  },
  async isDirectory(path: string | URL): Promise<boolean> {
    try {
      return (await builtin('fs').promises.stat(toPath(path))).isDirectory()
    } catch {
      // Not there, or not to be seen: whoever opens it is told why.
      return false
    }
  },
  join(path: string | URL, name: string): string {
    const paths = builtin('path')
    // A name never leads out of its directory (guarantee 24), whoever chose it.
    return paths.join(toPath(path), paths.basename(name))
  },
  mediaTypeOf: guessMediaType,
}

export function toPath(path: string | URL): string {
  if (typeof path === 'string') return path
  return builtin('url').fileURLToPath(path)
}

async function openFile(path: string): Promise<OpenFile> {
  const handle = await builtin('fs').promises.open(path, 'r')
  try {
    const stat = await handle.stat()
    if (stat.isDirectory()) throw Object.assign(new Error('Is a directory.'), { code: 'EISDIR' })
    if (!stat.isFile() || (stat.size === 0 && (await hasBytes(handle)))) throw withoutSize(path)
    return new NodeFile(handle, path, stat.size)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Files of /proc and their like have no size, but bytes. */
async function hasBytes(handle: FileHandle): Promise<boolean> {
  return (await handle.read(new Uint8Array(1), 0, 1, 0)).bytesRead > 0
}

function withoutSize(path: string): RequestError {
  return new RequestError(
    `The file ${JSON.stringify(path)} does not tell how long it is: pass a stream of it, such as ` +
      'createReadStream(path) of node:fs.',
    { code: 'FILE_WITHOUT_SIZE' },
  )
}

class NodeFile implements OpenFile {
  readonly size: number
  readonly #handle: FileHandle
  readonly #path: string

  constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle
    this.#path = path
    this.size = size
  }

  read(start: number, end: number, lend = false): AsyncIterator<Uint8Array> {
    return new FileReader(this.#handle, this.#path, { start, end, lend })
  }

  async changed(): Promise<boolean> {
    return (await this.#handle.stat()).size !== this.size
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
