/** Reads native bodies into large views: the default reader of workerd gives 4 KiB at a time. */
import type { NativeReader } from '../fetch/dialect.ts'

const SMALLEST = 16 * 1024
const LARGEST = 256 * 1024

export function byobReader(stream: ReadableStream<Uint8Array>): NativeReader {
  const reader = stream.getReader({ mode: 'byob' })
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
