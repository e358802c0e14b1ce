/** Bytes that are read, and what takes content codings off them (layer 0). */

/** Bytes that are pulled. `read` is called again only when the promise before has settled. */
export interface ByteReader {
  /** The next bytes, never empty; null at the end. Bytes belong to the caller from then on. */
  read(): Promise<Uint8Array | null>
  /** Gives the source up; what is under way rejects with `reason`. Calling it twice is fine. */
  cancel(reason?: unknown): void
}

/** Makes a decoder for one content coding, or null where this runtime has none for it. */
export type DecoderFactory = (coding: string) => ((source: ByteReader) => ByteReader) | null

/** Decodes all of a small body at once. Null where that would be more than `limit` bytes, or something
 *  is wrong: a decoder of pieces then says what. */
export type DecodeNow = (coding: string, bytes: Uint8Array, limit: number) => Uint8Array | null
