/** What is done to a body by code that is loaded when it is wanted (layer 2). */
import type { ByteReader } from './ports.ts'
import type * as Pieces from './response-pieces.ts'

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

let loaded: typeof Pieces | null = null

/** Only the first one waits, and has a generator around its own. */
export function iteratePieces<T>(
  reader: ByteReader,
  open: (pieces: typeof Pieces) => AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  return loaded === null ? iterateLater(reader, open) : open(loaded)
}

async function* iterateLater<T>(
  reader: ByteReader,
  open: (pieces: typeof Pieces) => AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  loaded ??= await withLoaded(reader, () => import('./response-pieces.ts'))
  yield* open(loaded)
}
