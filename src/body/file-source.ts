/** Layer 1: a file as a body or as a part: opened when it is sent, again for each attempt. */
import { describe } from '../bytes.ts'
import { RequestError } from '../errors.ts'
import { bare } from '../own.ts'
import type { BodySource, FileSystem, OpenBody, OpenFile, RuntimeName } from '../ports.ts'
import { demand } from '../demand.ts'
import { hasTag, isBlob } from './content.ts'
import { openBlob } from './source.ts'

/** A path, a `file:` URL (Node, Deno, Bun), a Blob or File, a FileSystemFileHandle. */
export type FileSourceInput = string | URL | Blob | FileHandle

/** The part of a FileSystemFileHandle that is needed. */
export interface FileHandle {
  readonly name: string
  getFile(): Promise<Blob>
}

export interface FileOptions {
  /** The file name that is sent; `null` or nothing: the name the file has. */
  readonly name?: string | null | undefined
  /** The media type; guessed from the name unless given, `null` is none. */
  readonly type?: string | null | undefined
  /** The first byte that is sent. */
  readonly start?: number | null | undefined
  /** The first byte that is not sent any more. */
  readonly end?: number | null | undefined
}

export interface FileSourceInit {
  readonly name: string
  readonly type: string
  /** The name tells the type when it is opened. */
  readonly guess?: boolean
  readonly start?: number
  readonly end?: number | null
  readonly open: () => Promise<FileContent> | FileContent
}
/** What an opener finds. */
export type FileContent =
  | { readonly file: OpenFile; readonly blob?: never }
  | { readonly blob: Blob; readonly file?: never }

/** Made by `requests.file()`. */
export class FileSource implements BodySource {
  readonly replayable = true
  readonly name: string
  /** Empty when it is not known, as in a Blob: where there are no paths, what a name stands for is
   *  known when the file is opened. */
  readonly type: string
  readonly start: number
  readonly end: number | null
  readonly #open: FileSourceInit['open']
  readonly #guess: boolean

  constructor(init: FileSourceInit) {
    this.name = init.name
    this.type = init.type
    this.start = checkOffset('start', init.start ?? 0)
    this.end = init.end === undefined || init.end === null ? null : checkOffset('end', init.end)
    if (this.end !== null && this.end < this.start) {
      throw new TypeError('The end of a file slice must not lie before its start.')
    }
    this.#open = init.open
    this.#guess = init.guess ?? false
  }

  async open(): Promise<OpenBody> {
    // Before anything is open that would have to be closed.
    const type = this.#guess ? await guessLater(this.name) : null
    const open = await this.#openContent()
    return type === null ? open : { ...open, type }
  }

  async #openContent(): Promise<OpenBody> {
    const { blob, file } = await this.#open()
    if (file !== undefined) return this.#openFile(file)
    if (this.start === 0 && this.end === null) return openBlob(blob)
    return openBlob(blob.slice(this.start, this.#endWithin(blob.size)))
  }

  async #openFile(file: OpenFile): Promise<OpenBody> {
    const { start } = this
    try {
      const end = this.#endWithin(file.size)
      const pieces = [{ kind: 'file', file, start, end }] as const
      return { length: end - start, pieces, close: () => file.close() }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  #endWithin(size: number): number {
    const end = this.end ?? size
    if (end <= size && this.start <= end) return end
    throw new RequestError(
      `The file ${JSON.stringify(this.name)} has ${String(size)} bytes, which is too few for the ` +
        `slice from ${String(this.start)} to ${String(this.end ?? 'its end')}.`,
      { code: 'CONTENT_LENGTH_MISMATCH' },
    )
  }
}

/** `requests.file()`; each adapter hands in its own files, or none. */
export function fileSource(
  files: FileSystem | undefined,
  runtime: RuntimeName,
  input: FileSourceInput,
  options: FileOptions = {},
): FileSource {
  const opener = readInput(files, runtime, input)
  const { name: given, type: ownType, start, end } = bare(options)
  const name = given ?? opener.name
  const type = ownType === undefined ? (opener.type ?? files?.mediaTypeOf(name)) : ownType
  return new FileSource({
    name,
    type: type ?? '',
    guess: type === undefined,
    start: start ?? 0,
    end: end ?? null,
    open: opener.open,
  })
}

/** The table behind it is loaded with the first file that needs it. */
async function guessLater(name: string): Promise<string | null> {
  return (await import('./media-type.ts')).guessMediaType(name)
}

interface Opener {
  readonly name: string
  readonly type: string | null
  readonly open: FileSourceInit['open']
}

function readInput(files: FileSystem | undefined, runtime: RuntimeName, input: unknown): Opener {
  const path = readPath(input)
  if (path !== null) {
    const system = demand(files, 'A file given by its path', runtime, ADVICE)
    return {
      name: pathName(path),
      type: null,
      open: async () => ({ file: await system.open(path) }),
    }
  }
  if (typeof input === 'object' && input !== null) {
    if (isBlob(input)) return { ...blobName(input), open: () => ({ blob: input }) }
    if (isHandle(input)) {
      return { name: input.name, type: null, open: async () => ({ blob: await input.getFile() }) }
    }
  }
  throw new TypeError(
    'file() takes a path, a file: URL, a File, a Blob or a FileSystemFileHandle, not ' +
      `${describe(input)}.`,
  )
}

const ADVICE = 'Pass a File, a Blob or a FileSystemFileHandle, or the bytes themselves.'

/** Null when the input is no path; a `file:` URL comes back as a URL. */
function readPath(input: unknown): string | URL | null {
  const text = typeof input === 'string' ? input : isURL(input) ? input.href : ''
  if (text === '') return null
  if (typeof input === 'string' && !/^file:\/\//i.test(text)) return text
  const url = new URL(text)
  if (url.protocol === 'file:') return url
  throw new TypeError(`file() takes file: URLs only, not ${url.protocol} ones.`)
}

function isURL(input: unknown): input is URL {
  return typeof input === 'object' && input !== null && hasTag(input, 'URL')
}

function pathName(path: string | URL): string {
  const text = typeof path === 'string' ? path : decodeURIComponent(path.pathname)
  return text.split(/[\\/]/).at(-1) ?? ''
}

function blobName(blob: Blob): { name: string; type: string | null } {
  const name = 'name' in blob && typeof blob.name === 'string' ? pathName(blob.name) : 'blob'
  return { name, type: blob.type === '' ? null : blob.type }
}

function isHandle(input: object): input is FileHandle {
  return (
    'getFile' in input &&
    typeof input.getFile === 'function' &&
    'name' in input &&
    typeof input.name === 'string'
  )
}

function checkOffset(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(
    `The ${what} of a file slice must be a number of bytes, not ${String(value)}.`,
  )
}
