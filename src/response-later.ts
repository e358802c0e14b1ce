/** What is done to a body by code that is loaded when it is wanted (layer 2). */
import type { ByteReader } from './ports.ts'

/** The body is given up when the code cannot be loaded, or whatever else goes wrong. */
export async function withLoaded<T>(
  reader: ByteReader,
  work: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  try {
    return await work(reader)
  } catch (error) {
    reader.cancel(error)
    throw error
  }
}

export async function* iterateLater<T>(
  reader: ByteReader,
  open: (reader: ByteReader) => Promise<AsyncGenerator<T, void>>,
): AsyncGenerator<T, void> {
  yield* await withLoaded(reader, open)
}
