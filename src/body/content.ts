/** Layer 1: what one input is: the content of a whole body, or of one part of a multipart body. */
import { chunkBytes, isArrayBuffer, viewBytes } from '../as-bytes.ts'
import type { BodySource } from '../ports.ts'
import { factorySource } from './factory.ts'
import type { Made } from './factory.ts'
import { FORM_TYPE } from './form.ts'
import { blobSource, bytesSource, chunksSource, TextSource, withLength } from './source.ts'
import { isReadableStream, isStreamInput, streamSource } from './stream-source.ts'

export interface Content {
  readonly source: BodySource
  /** The media type the input itself knows. */
  readonly type: string | null
  /** The file name the input itself knows, without folders. */
  readonly name: string | null
}

/** What a message says an input may be. */
export const CONTENT_KINDS = 'a string, bytes, a Blob, a file or a stream'

/** Null when the input is nothing that has bytes. */
export function readContent(input: unknown): Content | null {
  if (typeof input === 'string') return content(new TextSource(input))
  if (typeof input === 'function') return content(factorySource(input, readMade, CONTENT_KINDS))
  if (typeof input !== 'object' || input === null) return null
  if (isArrayBuffer(input) || ArrayBuffer.isView(input))
    return content(bytesSource(viewBytes(input)))
  if (hasTag(input, 'FormData')) return null
  if (isSearchParams(input)) return content(new TextSource(input.toString()), FORM_TYPE)
  if (isBodySource(input)) return content(input, ownType(input), ownName(input))
  if (isBlob(input)) return content(blobSource(input), ownType(input), ownName(input))
  // A list is at hand as a whole, so its length is known and it can be sent again.
  if (Array.isArray(input)) return content(chunksSource(input.map(chunkBytes)))
  if (isStreamInput(input)) return content(streamSource(input), null, streamName(input))
  const source = heldStream(input)
  return source === null ? null : content(source)
}

/** By its brand, so that objects of another realm and of polyfills count too. */
export function hasTag(input: object, tag: string): boolean {
  return Object.prototype.toString.call(input) === `[object ${tag}]`
}

export function isSearchParams(input: object): input is URLSearchParams {
  return hasTag(input, 'URLSearchParams')
}

function content(
  source: BodySource,
  type: string | null = null,
  name: string | null = null,
): Content {
  return { source, type, name }
}

/** As a part, or where no form can be: its type is that of the part. */
function readMade(made: unknown): Made | null {
  const read = readContent(made)
  return read && { source: read.source, contentType: null }
}

function isBodySource(input: object): input is BodySource {
  return (
    'replayable' in input &&
    typeof input.replayable === 'boolean' &&
    'open' in input &&
    typeof input.open === 'function'
  )
}

export function isBlob(input: object): input is Blob {
  return (
    'arrayBuffer' in input &&
    typeof input.arrayBuffer === 'function' &&
    'slice' in input &&
    typeof input.slice === 'function' &&
    'size' in input
  )
}

function ownType(input: object): string | null {
  return 'type' in input && typeof input.type === 'string' && input.type !== '' ? input.type : null
}

/** `name` of a File, a FileSource or a `Bun.file`. */
function ownName(input: object): string | null {
  return 'name' in input ? baseName(input.name) : null
}

/** The `path` of a Node file stream. */
function streamName(input: object): string | null {
  return Object.hasOwn(input, 'path') && 'path' in input ? baseName(input.path) : null
}

function baseName(path: unknown): string | null {
  return typeof path === 'string' ? path.split(/[\\/]/).at(-1) || null : null
}

/** A stream one property away: `Deno.FsFile`, a Response, an R2 object, a Node FileHandle. */
function heldStream(input: object): BodySource | null {
  if ('readable' in input && isReadableStream(input.readable)) return streamSource(input.readable)
  if ('body' in input && isReadableStream(input.body)) {
    const source = streamSource(input.body)
    return 'size' in input && typeof input.size === 'number'
      ? withLength(source, input.size)
      : source
  }
  if ('createReadStream' in input && typeof input.createReadStream === 'function') {
    const handle = input as NodeFileHandle // Only a FileHandle has this method among runtimes' objects.
    return streamSource({ [Symbol.asyncIterator]: () => readHandle(handle) })
  }
  return null
}

/** Nothing is made before the first pull, so that nothing is left of a body that is not sent. */
async function* readHandle(handle: NodeFileHandle): AsyncGenerator<unknown, void> {
  yield* handle.createReadStream({ autoClose: false })
}

interface NodeFileHandle {
  createReadStream(options: { autoClose: boolean }): AsyncIterable<unknown>
}
