/** Decoders of workerd: node:zlib, alike on every server, else the runtime's own streams. */
import type { DecoderFactory } from '../../src/ports.ts'
import { streamDecoders } from '../fetch/decompression-stream.ts'
import { findBuiltin } from '../node/builtins.ts'
import { zlibDecoders } from '../node/decoders.ts'

export const decoders: DecoderFactory = (coding) => zlibDecoders(coding) ?? streamDecoders(coding)

/** From compatibility date 2026-08-04 on, or with the flag `nodejs_compat`. */
export function hasZlib(): boolean {
  // Asked with every request, and a look for a module takes 2 µs.
  zlibFound ??= findBuiltin('zlib') !== undefined
  return zlibFound
}

let zlibFound: boolean | null = null
