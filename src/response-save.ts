/** Writing a body somewhere (layer 2): to a path, a file handle, or any writable stream. */
import { describe } from './bytes.ts'
import { wholeBuffer } from './as-bytes.ts'
import { dispositionFileName } from './decode/content-disposition.ts'
import { numberedFileName, suggestedFileName } from './decode/file-name.ts'
import { RequestError } from './errors.ts'
import type { ByteReader, FileSink, FileSystem, RuntimeName } from './ports.ts'
import { demand } from './demand.ts'

/** A handle of the File System API: from a picker, or of OPFS. */
export interface WritableFileHandle {
  readonly name: string
  createWritable(): Promise<WritableStream<Uint8Array<ArrayBuffer>>>
}
/** A folder of the File System API. */
export interface WritableDirectoryHandle {
  getFileHandle(name: string, options?: { create?: boolean }): Promise<WritableFileHandle>
}
export type SaveDestination =
  | string
  | URL
  | WritableFileHandle
  | WritableDirectoryHandle
  | WritableStream<Uint8Array<ArrayBuffer>>

export interface SavePlan {
  readonly destination: SaveDestination
  /** Content-Disposition and URL name the file where the destination is a folder. */
  readonly disposition: string | null
  readonly url: string
  readonly files: FileSystem | undefined
  readonly runtime: RuntimeName
  /** Nobody else holds the bytes of the body. */
  readonly disposable?: boolean
}

/** Resolves to the path, or the name of the handle, or '' for a stream. */
export async function saveBody(reader: ByteReader, plan: SavePlan): Promise<string> {
  return pour(reader, await openSink(plan))
}

/** All of the body, or nothing: a sink that fails is discarded. */
async function pour(reader: ByteReader, sink: FileSink): Promise<string> {
  try {
    for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
      await sink.write(chunk)
    }
    return await sink.commit()
  } catch (error) {
    // What went wrong first is what the caller has to know.
    await sink.discard().catch(() => undefined)
    throw error
  }
}

/** Nothing stands there until the sink is committed, but in a stream. */
export async function openSink(plan: SavePlan): Promise<FileSink> {
  const { destination, files, runtime } = plan
  if (typeof destination === 'string' || destination instanceof URL) {
    const advice = 'Save to a FileSystemFileHandle or a WritableStream.'
    return pathSink(demand(files, 'Saving to a path', runtime, advice), destination, plan)
  }
  if (typeof destination === 'object' && 'createWritable' in destination) {
    return handleSink(destination)
  }
  if (typeof destination === 'object' && 'getFileHandle' in destination) {
    const name = await freeName(destination, suggestedName(plan))
    return handleSink(await destination.getFileHandle(name, { create: true }))
  }
  if (typeof destination === 'object' && 'getWriter' in destination)
    return writableSink(destination, '')
  throw new TypeError(
    `save() takes a path, a file: URL, a file or directory handle or a WritableStream, not ${describe(destination)}.`,
  )
}

/** A name that the server chose never takes the place of a file that is there. */
async function pathSink(files: FileSystem, path: string | URL, plan: SavePlan): Promise<FileSink> {
  const { disposable = false } = plan
  if (!(await files.isDirectory(path))) return files.create(path, { disposable })
  const name = suggestedName(plan)
  return files.create(files.join(path, name), {
    disposable,
    taken: (times) => files.join(path, numberedFileName(name, times)),
  })
}

/** Made safe: the server chose it. */
function suggestedName({ disposition, url }: SavePlan): string {
  return suggestedFileName(dispositionFileName(disposition), url)
}

const MOST_NAMES = 1000

async function freeName(folder: WritableDirectoryHandle, name: string): Promise<string> {
  for (let number = 0; number < MOST_NAMES; number++) {
    const tried = number === 0 ? name : numberedFileName(name, number)
    if (!(await exists(folder, tried))) return tried
  }
  throw new RequestError(`The folder has ${String(MOST_NAMES)} files named like ${name} already.`, {
    code: 'EEXIST',
  })
}

async function exists(folder: WritableDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name)
    return true
  } catch (error) {
    // The File System API's word for "not there"; a folder of that name is TypeMismatchError.
    return !(error instanceof Error && error.name === 'NotFoundError')
  }
}

async function handleSink(handle: WritableFileHandle): Promise<FileSink> {
  return writableSink(await handle.createWritable(), handle.name, wholeBuffer)
}

type Chunk = Uint8Array<ArrayBuffer>

// Bytes from a socket are never on shared memory, which the type allows.
const asTheyAre = (bytes: Uint8Array): Chunk => bytes as Chunk

function writableSink(
  stream: WritableStream<Chunk>,
  name: string,
  fit: (bytes: Uint8Array) => Chunk = asTheyAre,
): FileSink {
  const writer = stream.getWriter()
  return {
    async write(bytes): Promise<void> {
      await writer.ready
      await writer.write(fit(bytes))
    },
    async commit(): Promise<string> {
      await writer.close()
      return name
    },
    discard: () => writer.abort(),
  }
}
