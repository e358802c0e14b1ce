/** A body that was read before anybody could ask for it (layer 2), as that of most calls is. */
import { StreamConsumedError } from './call-errors.ts'
import type { ByteReader } from './ports.ts'
import type { BodyState } from './response-state.ts'
import { bytesReader, readableStream } from './response-stream.ts'

export class KeptBody implements BodyState {
  readonly content: Uint8Array
  readonly kept: Uint8Array
  readonly used = false
  readonly isBuffered = true
  readonly isOwned = false
  #stream: ReturnType<BodyState['stream']> | null = null

  constructor(content: Uint8Array) {
    this.content = content
    this.kept = content
  }

  buffer(): Promise<void> {
    return Promise.resolve()
  }
  bufferNow(): boolean {
    return true
  }
  take(): Promise<Uint8Array> {
    return Promise.resolve(this.content)
  }
  reader(): ByteReader {
    return bytesReader(this.content)
  }
  raw(): never {
    throw rawIsGone()
  }
  stream(): ReturnType<BodyState['stream']> {
    this.#stream ??= readableStream(this.reader())
    return this.#stream
  }
  handOn(): ReturnType<BodyState['stream']> {
    return this.stream()
  }
  tee(): BodyState {
    return new KeptBody(this.content)
  }
  discard(): Promise<void> {
    return this.buffer()
  }
  discardNow(): boolean {
    return true
  }
  cancel(): void {
    // There is nothing to give up.
  }
}

export function rawIsGone(): StreamConsumedError {
  return new StreamConsumedError('raw needs stream: true.')
}
