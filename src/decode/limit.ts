/**
 * How much a body may hold (leaf of step 4): counts what comes out, after decoding, so that one
 * limit holds for plain and coded bodies, streamed and buffered alike.
 */
import { concatBytes } from '../bytes.ts'
import { BodyTooLargeError } from '../errors.ts'
import type { ByteReader, WireBody } from '../ports.ts'

/** The body with a limit over all its bytes, however they are read. */
export function limitBody(body: WireBody, maxBytes: number): WireBody {
  return maxBytes === Infinity ? body : new LimitedBody(body, maxBytes)
}

/** Everything a reader has left. Gives it up as soon as more than `limit` bytes have come. */
export async function collectReader(reader: ByteReader, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
    length += chunk.length
    if (length > limit) throw giveUp(reader, bodyTooLarge(limit))
    chunks.push(chunk)
  }
  return concatBytes(chunks, length)
}

export function bodyTooLarge(limit: number): BodyTooLargeError {
  return new BodyTooLargeError(
    `The response body has more than ${String(limit)} bytes, the limit set by maxBytes. ` +
      'Raise maxBytes, lift it with maxBytes: null, or stream the body to a file.',
  )
}

/** Cancels the reader with the error and hands the error back, to be thrown. */
export function giveUp<T>(reader: ByteReader, error: T): T {
  reader.cancel(error)
  return error
}

class LimitedBody implements WireBody {
  readonly #body: WireBody
  readonly #maxBytes: number
  #count = 0

  constructor(body: WireBody, maxBytes: number) {
    this.#body = body
    this.#maxBytes = maxBytes
  }

  async read(): Promise<Uint8Array | null> {
    const chunk = await this.#body.read()
    if (chunk === null) return null
    this.#count += chunk.length
    if (this.#count > this.#maxBytes) throw giveUp(this.#body, bodyTooLarge(this.#maxBytes))
    return chunk
  }

  collect(limit: number): Promise<Uint8Array> {
    return this.#body.collect(Math.min(limit, this.#maxBytes - this.#count))
  }

  collectNow(limit: number): Uint8Array | null {
    return this.#body.collectNow?.(Math.min(limit, this.#maxBytes - this.#count)) ?? null
  }

  cancel(reason?: unknown): void {
    this.#body.cancel(reason)
  }
}
