/** Reads native bodies into large views: the default reader of workerd gives 4 KiB at a time. */
import type { NativeReader } from '../fetch/dialect.ts'

const SMALLEST = 16 * 1024
const LARGEST = 256 * 1024

/** What the default reader gives at a time; for so little, a view costs more than it saves. */
const ONE_CHUNK = 4096

export function byobReader(
  stream: ReadableStream<Uint8Array>,
  length: number | null = null,
): NativeReader {
  if (length !== null && length <= ONE_CHUNK) return stream.getReader()
  const reader = viewReader(stream)
  if (reader === null) return stream.getReader()
  let size = SMALLEST
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(size))
      if (done || value === undefined) return { done: true }
      const full = value.length === size
      // A little data must not hold a large buffer alive.
      const chunk = value.length * 4 < size ? value.slice() : value
      if (full && size < LARGEST) size *= 4
      return { done: false, value: chunk }
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

/** Null for a stream of script, which an app may have put around what `fetch` answers. */
function viewReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return null
  }
}
