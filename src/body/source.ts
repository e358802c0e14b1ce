/** Layer 1: the bodies whose bytes are at hand, and what is made of other bodies. */
import { encodeText } from '../as-bytes.ts'
import { RequestError } from '../errors.ts'
import type { BodyPiece, BodySource, OpenBody } from '../ports.ts'
import { streamSource } from './stream-source.ts'

/** Bytes in memory, never copied. */
export function bytesSource(bytes: Uint8Array): BodySource {
  return chunksSource([bytes])
}

/** Bytes in memory, in parts. */
export function chunksSource(parts: readonly Uint8Array[]): BodySource {
  return { replayable: true, memory: parts, open: () => openChunks(parts) }
}

/** Text in memory, whose bytes are made when they are asked for: a form encodes its parts at once. */
export class TextSource implements BodySource {
  readonly replayable = true
  readonly text: string
  #memory: readonly Uint8Array[] | null = null

  constructor(text: string) {
    this.text = text
  }

  get memory(): readonly Uint8Array[] {
    this.#memory ??= [encodeText(this.text)]
    return this.#memory
  }

  open(): OpenBody {
    return openChunks(this.memory)
  }
}

function openChunks(parts: readonly Uint8Array[]): OpenBody {
  let length = 0
  for (const part of parts) length += part.length
  const pieces = parts.map((bytes): BodyPiece => ({ kind: 'bytes', bytes }))
  return { length, pieces, close: nothing }
}

export function blobSource(blob: Blob): BodySource {
  return { replayable: true, open: () => openBlob(blob) }
}

/** @throws what reading throws, where an empty Blob hides that there is nothing to read. */
export async function openBlob(blob: Blob): Promise<OpenBody> {
  // Bun's S3 objects and pipes are Blobs of size NaN and Infinity.
  if (!Number.isFinite(blob.size)) return streamSource(blob.stream()).open()
  // The `Bun.file` of a missing path has the size 0 and says so only when it is read.
  if (blob.size === 0) await blob.arrayBuffer()
  return { length: blob.size, pieces: [{ kind: 'blob', blob }], close: nothing }
}

/** Several bodies in a row as one. All are opened before the first byte goes, closed together. */
export function composedSource(sources: readonly BodySource[]): BodySource {
  return {
    replayable: sources.every((source) => source.replayable),
    open: () => openAll(sources),
  }
}

/**
 * The caller's own Content-Length: a promise that makes an unknown length known; against a known
 * one it must be right. The transport's pump holds the source to it.
 */
export function withLength(source: BodySource, length: number): BodySource {
  return {
    replayable: source.replayable,
    async open(): Promise<OpenBody> {
      const body = await source.open()
      if (body.length === length) return body
      if (body.length === null) return { ...body, length, close: (reason) => body.close(reason) }
      const error = new RequestError(
        `Content-Length says ${String(length)}, but the body has ${String(body.length)} bytes.`,
        { code: 'CONTENT_LENGTH_MISMATCH' },
      )
      await body.close(error)
      throw error
    },
  }
}

async function openAll(sources: readonly BodySource[]): Promise<OpenBody> {
  const bodies: OpenBody[] = []
  const close = async (reason?: unknown): Promise<void> => {
    await Promise.all(bodies.map(async (body) => body.close(reason)))
  }
  try {
    for (const source of sources) bodies.push(await source.open())
  } catch (error) {
    await close(error)
    throw error
  }
  return { length: sum(bodies), pieces: bodies.flatMap((body) => body.pieces), close }
}

function sum(bodies: readonly OpenBody[]): number | null {
  let total = 0
  for (const { length } of bodies) {
    if (length === null) return null
    total += length
  }
  return total
}

function nothing(): void {
  // Memory and Blobs need no closing.
}
