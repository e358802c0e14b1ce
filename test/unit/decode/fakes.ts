/** Bodies and decoders for the tests of decoding: chunks from a list, zlib in one go. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { collectReader } from '../../../src/decode/limit.ts'
import type { ByteReader, DecoderFactory, WireBody } from '../../../src/ports.ts'

export class FakeBody implements WireBody {
  readonly #chunks: (Uint8Array | Error)[]
  cancelled: unknown[] = []
  reads = 0

  constructor(...chunks: (Uint8Array | string | Error)[]) {
    this.#chunks = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
  }

  async read(): Promise<Uint8Array | null> {
    await Promise.resolve()
    this.reads += 1
    const chunk = this.#chunks.shift()
    if (chunk instanceof Error) throw chunk
    return chunk ?? null
  }

  collect(limit: number): Promise<Uint8Array> {
    return collectReader(this, limit)
  }

  cancel(reason?: unknown): void {
    this.cancelled.push(reason)
  }
}

/** gzip, deflate and br. Gives its output in pieces of `pieceBytes`. */
export function zlibDecoders(pieceBytes = 65_536): DecoderFactory {
  const ways: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    gzip: (bytes) => gunzipSync(bytes),
    deflate: (bytes) => inflateSync(bytes),
    br: (bytes) => brotliDecompressSync(bytes),
  }
  return (coding) => {
    const way = ways[coding]
    return way === undefined ? null : (source) => wholeDecoder(source, way, pieceBytes)
  }
}

function wholeDecoder(
  source: ByteReader,
  way: (bytes: Uint8Array) => Uint8Array,
  pieceBytes: number,
): ByteReader {
  let rest: Uint8Array | null = null
  return {
    async read() {
      rest ??= way(await collectReader(source, Infinity))
      const piece = rest.subarray(0, pieceBytes)
      rest = rest.subarray(pieceBytes)
      return piece.length === 0 ? null : piece
    },
    cancel(reason) {
      source.cancel(reason)
    },
  }
}
