/** Bodies as one Blob: the exact length, streamed from disk by the engine, on any HTTP version. */
import type { BodyPiece } from '../../src/ports.ts'
import { webType } from '../../src/web.ts'
import type { Carrier } from './dialect.ts'
import type { Upload } from './upload.ts'

/** Null when a piece is neither bytes nor backed by a Blob. The Blob has no type, so that no
 *  Content-Type comes along that the caller has not set. */
export function composeBlob(pieces: readonly BodyPiece[]): Blob | null {
  const BlobType = webType('Blob')
  if (BlobType === undefined) return null
  const parts: BlobPart[] = []
  for (const piece of pieces) {
    const part = blobPart(piece, BlobType)
    if (part === null) return null
    parts.push(part)
  }
  return new BlobType(parts)
}

/** A stream as one Blob, up to the limit that the caller has set. */
export async function collectBlob(upload: Upload, limit: number): Promise<Carrier> {
  const chunks = await upload.collect(limit)
  const body = new (webType('Blob') ?? Blob)(chunks)
  return { body, whole: true, size: body.size }
}

function blobPart(piece: BodyPiece, BlobType: typeof Blob): BlobPart | null {
  if (piece.kind === 'blob') return piece.blob
  // No caller hands in shared memory: a Blob would refuse it with a TypeError of its own.
  if (piece.kind === 'bytes') return piece.bytes as Uint8Array<ArrayBuffer>
  if (piece.kind !== 'file' || !(piece.file.native instanceof BlobType)) return null
  return piece.file.native.slice(piece.start, piece.end)
}
