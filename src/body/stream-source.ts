/** Layer 1: a body that is produced while it is sent: web streams, iterables, Node streams. */
import { chunkBytes, concatBytes } from '../bytes.ts'
import { UnrewindableBodyError } from '../errors.ts'
import type { BodySource, OpenBody } from '../ports.ts'

/** How much of a synchronous iterable is gathered for one chunk. */
const GATHER_BYTES = 64 * 1024

export type StreamInput = ReadableStream<unknown> | AsyncIterable<unknown> | Iterable<unknown>

/** Can be sent once. The length is unknown; nothing is touched before it is opened. */
export function streamSource(input: StreamInput): BodySource {
  let opened = false
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

interface Chunks extends AsyncIterator<Uint8Array, undefined> {
  cancel(reason: unknown): void
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
  if (Symbol.asyncIterator in input) return asyncChunks(input[Symbol.asyncIterator]())
  return syncChunks(input[Symbol.iterator]())
}

function webChunks(stream: ReadableStream<unknown>): Chunks {
  if (stream.locked) {
    throw new TypeError('The stream given as a body is locked: somebody else reads or has read it.')
  }
  const reader = stream.getReader()
  const cancel = (reason?: unknown): void => {
    // A stream that fails to cancel has already told its failure to whoever read it.
    reader.cancel(reason).catch(() => undefined)
  }
  return {
    async next() {
      const { done, value } = await reader.read()
      return done ? DONE : { done: false, value: chunkBytes(value) }
    },
    return() {
      cancel()
      return Promise.resolve(DONE)
    },
    cancel,
  }
}

function asyncChunks(iterator: AsyncIterator<unknown>): Chunks {
  let ended = false
  const end = async (): Promise<typeof DONE> => {
    if (!ended) {
      ended = true
      await iterator.return?.()
    }
    return DONE
  }
  return {
    async next() {
      const { done, value } = await iterator.next()
      if (done !== true) return { done: false, value: chunkBytes(value) }
      ended = true
      return DONE
    },
    return: end,
    // Not awaited: a generator that hangs in an await of its own runs its `finally` only after it.
    cancel() {
      end().catch(() => undefined)
    },
  }
}

/** A synchronous source has its next value at hand, so small ones are joined. */
function syncChunks(iterator: Iterator<unknown>): Chunks {
  let ended = false
  const end = (): typeof DONE => {
    if (!ended) {
      ended = true
      iterator.return?.()
    }
    return DONE
  }
  const gather = (): Uint8Array | null => {
    const gathered: Uint8Array[] = []
    let bytes = 0
    while (!ended && bytes < GATHER_BYTES) {
      const { done, value } = iterator.next()
      if (done === true) ended = true
      else bytes += gathered[gathered.push(chunkBytes(value)) - 1]?.length ?? 0
    }
    return gathered.length === 0 ? null : concatBytes(gathered, bytes)
  }
  return {
    next() {
      return new Promise((resolve) => {
        const value = gather()
        resolve(value === null ? DONE : { done: false, value })
      })
    },
    return: () => Promise.resolve(end()),
    cancel: end,
  }
}

const DONE = { done: true, value: undefined } as const
