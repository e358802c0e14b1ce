/** Writing a body somewhere (layer 2): to a path, a file handle, or any writable stream. */
import { describe } from './bytes.ts'
import type { ByteReader, FileSink, FileSystem, RuntimeName } from './ports.ts'
import { demand } from './unsupported.ts'

/** A handle of the File System API: from a picker, or of OPFS. */
export interface WritableFileHandle {
  readonly name: string
  createWritable(): Promise<WritableStream<Uint8Array<ArrayBuffer>>>
}
export type SaveDestination =
  string | URL | WritableFileHandle | WritableStream<Uint8Array<ArrayBuffer>>

/** Resolves to the path, or the name of the handle, or '' for a stream. */
export async function saveBody(
  reader: ByteReader,
  destination: SaveDestination,
  files: FileSystem | undefined,
  runtime: RuntimeName,
): Promise<string> {
  try {
    const sink = await openSink(destination, files, runtime)
    return await pour(reader, sink)
  } catch (error) {
    reader.cancel(error)
    throw error
  }
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

async function openSink(
  destination: SaveDestination,
  files: FileSystem | undefined,
  runtime: RuntimeName,
): Promise<FileSink> {
  if (typeof destination === 'string' || destination instanceof URL) {
    const advice = 'Save to a FileSystemFileHandle or a WritableStream.'
    return demand(files, 'Saving to a path', runtime, advice).create(destination)
  }
  if (typeof destination === 'object' && 'createWritable' in destination) {
    return writableSink(await destination.createWritable(), destination.name)
  }
  if (typeof destination === 'object' && 'getWriter' in destination)
    return writableSink(destination, '')
  throw new TypeError(
    `save() takes a path, a file: URL, a file handle or a WritableStream, not ${describe(destination)}.`,
  )
}

function writableSink(stream: WritableStream<Uint8Array<ArrayBuffer>>, name: string): FileSink {
  const writer = stream.getWriter()
  return {
    async write(bytes): Promise<void> {
      await writer.ready
      // Bytes from a socket are never on shared memory, which the type allows.
      await writer.write(bytes as Uint8Array<ArrayBuffer>)
    },
    async commit(): Promise<string> {
      await writer.close()
      return name
    },
    discard: () => writer.abort(),
  }
}
