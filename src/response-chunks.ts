/** A body as it comes (layer 2); whoever leaves the loop early gives the body up. */
import { describe } from './bytes.ts'
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

export function checkSize(size: number, least: number): number {
  if (typeof size !== 'number') {
    throw new TypeError(`A size is a number of bytes, not ${describe(size)}.`)
  }
  if (Number.isSafeInteger(size) && size >= least) return size
  throw new RangeError(
    `A size is a whole number of bytes from ${String(least)} on, not ${String(size)}.`,
  )
}
