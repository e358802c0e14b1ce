/**
 * Small bodies in one go: a stream of node:zlib's, with its thread and its events, takes five times as
 * long as what it decodes. Its functions refuse what is cut off or damaged, and more than they may give.
 */
import type { DecodeNow } from '../../src/ports.ts'
import { findBuiltin } from './builtins.ts'
import type { NodeZlib } from './builtins.ts'
import { isZlib } from './decoders.ts'

type Decode = (zlib: NodeZlib, bytes: Uint8Array, options: object) => Uint8Array

/** Not zstd: on Node 22, Deno and Bun a cut body would pass for a whole one. */
const WAYS: Readonly<Record<string, Decode>> = {
  gzip: (zlib, bytes, options) => zlib.gunzipSync(bytes, options),
  deflate: (zlib, bytes, options) =>
    isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options),
  br: (zlib, bytes, options) => zlib.brotliDecompressSync(bytes, options),
}

export const decodeNow: DecodeNow = (coding, bytes, limit) => {
  const zlib = findBuiltin('zlib')
  const way = Object.hasOwn(WAYS, coding) ? WAYS[coding] : undefined
  if (zlib === undefined || way === undefined) return null
  try {
    return way(zlib, bytes, { maxOutputLength: limit, chunkSize: roomFor(bytes) })
  } catch {
    // Too much, or wrong: for a decoder of pieces to say.
    return null
  }
}

/** Bytes of memory that zlib fills before it takes more: what JSON comes to, mostly. */
function roomFor({ length }: Uint8Array): number {
  return Math.min(65_536, Math.max(1024, 8 * length))
}
