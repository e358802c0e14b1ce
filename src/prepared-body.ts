/** The body of a prepared request as bytes (layer 2): for curl lines, recordings, native requests. */
import { bytesSource } from './body/source.ts'
import { pumpBody } from './body/pump.ts'
import { concatBytes } from './bytes.ts'
import type { BodySource } from './ports.ts'

export function memoryBody(bytes: Uint8Array): BodySource {
  return bytesSource(bytes)
}

/** Null when the body is not in memory: looking at it would open files or spend a stream. */
export function bytesAtHand(body: BodySource): Uint8Array | null {
  return body.memory === undefined ? null : concatBytes(body.memory)
}

/** Opens the body and reads it to its end; one that can be sent once is spent by that. */
export async function readBody(body: BodySource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readPieces(body)) chunks.push(chunk)
  return concatBytes(chunks)
}

export async function* readPieces(body: BodySource): AsyncGenerator<Uint8Array, void> {
  const open = await body.open()
  try {
    yield* pumpBody(open)
  } finally {
    await open.close()
  }
}
