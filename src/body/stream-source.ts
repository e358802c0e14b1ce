/** Layer 1: a body that is produced while it is sent: web streams, iterables, Node streams. */
import { concatBytes } from '../bytes.ts'
import { chunkBytes } from '../as-bytes.ts'
import { UnrewindableBodyError } from '../errors.ts'
import type { BodySource, OpenBody } from '../ports.ts'

/** How much of a synchronous iterable is gathered for one chunk. */
const GATHER_BYTES = 64 * 1024

export type StreamInput = ReadableStream<unknown> | AsyncIterable<unknown> | Iterable<unknown>

/** Can be sent once. The length is unknown; nothing is pulled before it is opened. */
export function streamSource(input: StreamInput): BodySource {
  let opened = false
  // Whoever reads it is told of an error; before that, one that nobody hears would end the process.
  if (isNodeStream(input)) input.on('error', () => undefined)
  return {
    replayable: false,
    open(): OpenBody {
      if (opened) throw spent()
      opened = true
      return openStream(input)
    },
  }
}

export function isStreamInput(input: object): input is StreamInput {
  return isReadableStream(input) || Symbol.asyncIterator in input || Symbol.iterator in input
}

/** By its shape: polyfilled streams and those of another realm count too. */
export function isReadableStream(input: unknown): input is ReadableStream<unknown> {
  return (
    typeof input === 'object' &&
    input !== null &&
    'getReader' in input &&
    typeof input.getReader === 'function'
  )
}

export function spent(): UnrewindableBodyError {
  return new UnrewindableBodyError(
    'The body is a stream, which can be sent only once, and it has to be sent again. ' +
      'Pass a function that returns a new stream each time.',
  )
}

function openStream(input: StreamInput): OpenBody {
  const chunks = readChunks(input)
  return {
    length: null,
    pieces: [{ kind: 'stream', length: null, chunks }],
    close: (reason): void => {
      chunks.cancel(reason)
    },
  }
}

function readChunks(input: StreamInput): Chunks {
  if (isReadableStream(input)) return webChunks(input)
  if (Symbol.asyncIterator in input) return asyncChunks(input)
  return syncChunks(input[Symbol.iterator]())
}

/** One reader for all kinds; once it is cancelled it fails, so that a body cut short by `cancel`
 *  never looks complete. */
class Chunks implements AsyncIterator<Uint8Array, undefined> {
  readonly #pull: () => Uint8Array | null | Promise<Uint8Array | null>
  readonly #end: (reason?: unknown) => unknown
  #ended = false
  #cancelled: { readonly reason: unknown } | null = null

  constructor(
    pull: () => Uint8Array | null | Promise<Uint8Array | null>,
    end: (reason?: unknown) => unknown,
  ) {
    this.#pull = pull
    this.#end = end
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#ended ? null : await this.#pull()
    if (this.#cancelled !== null) throw this.#cancelled.reason
    if (chunk !== null) return { done: false, value: chunk }
    this.#ended = true
    return { done: true, value: undefined }
  }

  /** The generator's `finally` runs; what it throws there is the consumer's to see. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#ended) {
      this.#ended = true
      await this.#end()
    }
    return { done: true, value: undefined }
  }

  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancelled = { reason }
    void this.#endQuietly(reason)
  }

  async #endQuietly(reason: unknown): Promise<void> {
    try {
      await this.#end(reason)
    } catch {
      // The request has its outcome already; nobody is left to be told.
    }
  }
}

function webChunks(stream: ReadableStream<unknown>): Chunks {
  if (stream.locked) {
    throw new TypeError('The stream given as a body is locked: somebody else reads or has read it.')
  }
  const reader = stream.getReader()
  return new Chunks(
    async () => {
      const { done, value } = await reader.read()
      return done ? null : chunkBytes(value)
    },
    (reason) => reader.cancel(reason),
  )
}

/** A generator that hangs in an await of its own runs its `finally` only after that. */
function asyncChunks(input: AsyncIterable<unknown>): Chunks {
  const stream = isNodeStream(input) ? input : null
  const iterator: AsyncIterator<unknown, unknown> = input[Symbol.asyncIterator]()
  let begun = false
  return new Chunks(
    async () => {
      begun = true
      const { done, value } = await iterator.next()
      return done === true ? null : chunkBytes(value)
    },
    // An iterator that has not begun would leave the file of the stream open.
    () => (begun || stream === null ? iterator.return?.() : stream.destroy()),
  )
}

interface NodeStream {
  on(event: 'error', listener: () => void): unknown
  destroy(): unknown
}

function isNodeStream<Input extends object>(input: Input): input is Input & NodeStream {
  return (
    'on' in input &&
    typeof input.on === 'function' &&
    'destroy' in input &&
    typeof input.destroy === 'function'
  )
}

/** A synchronous source has its next value at hand, so small ones are joined. */
function syncChunks(iterator: Iterator<unknown, unknown>): Chunks {
  const gather = (): Uint8Array | null => {
    const gathered: Uint8Array[] = []
    let bytes = 0
    while (bytes < GATHER_BYTES) {
      const { done, value } = iterator.next()
      // Asked once more where something was gathered: an iterator that is done stays so.
      if (done === true) break
      const chunk = chunkBytes(value)
      bytes += chunk.length
      // Copied where more is asked for: the source may fill its buffer again.
      gathered.push(bytes < GATHER_BYTES ? chunk.slice() : chunk)
    }
    return gathered.length === 0 ? null : concatBytes(gathered, bytes)
  }
  return new Chunks(gather, () => iterator.return?.())
}
