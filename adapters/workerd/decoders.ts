/** Decoders of workerd: the runtime's own streams, and node:zlib for what those lack. */
import type { DecoderFactory } from '../../src/ports.ts'
import { streamDecoders } from '../fetch/decompression-stream.ts'
import { zlibDecoders } from '../node/decoders.ts'

/** node:zlib is there from compatibility date 2026-08-04 on, or with the flag `nodejs_compat`. */
export const decoders: DecoderFactory = (coding) => streamDecoders(coding) ?? zlibDecoders(coding)
