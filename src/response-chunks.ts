/** A body as it comes (layer 2); whoever leaves the loop early gives the body up. */
import type { ByteReader } from './ports.ts'

export async function* arrivingChunks(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  let finished = false
  try {
    for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) yield chunk
    finished = true
  } finally {
    if (!finished) reader.cancel()
  }
}
