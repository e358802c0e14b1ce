/** Reads bodies in tests: as text, as bytes, as the list of their chunks. */
import { concatBytes } from '../../../src/bytes.ts'
import { pumpBody } from '../../../src/body/pump.ts'
import type { BodySource, OpenBody } from '../../../src/ports.ts'

export async function readText(source: BodySource | null): Promise<string> {
  return new TextDecoder().decode(await readBytes(source))
}

export async function readBytes(source: BodySource | null): Promise<Uint8Array> {
  if (source === null) throw new Error('There is no body.')
  const body = await source.open()
  try {
    const bytes = concatBytes(await readChunks(body))
    if (body.length !== null && body.length !== bytes.length) throw new Error('Wrong length.')
    return bytes
  } finally {
    await body.close()
  }
}

export async function readChunks(body: OpenBody): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of pumpBody(body)) chunks.push(chunk)
  return chunks
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
