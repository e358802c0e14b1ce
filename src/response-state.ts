/** What a response asks of its body, in whatever state that is (layer 2): types alone. */
import type { ByteReader } from './ports.ts'
import type { RawBody } from './response-raw.ts'

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>

/** WHATWG's rules for bodies hold behind it, in one place. */
export interface BodyState {
  /** Reading has begun, or nobody can read any more. */
  readonly used: boolean
  /** Everything. @throws BodyNotReadError, StreamConsumedError */
  readonly content: Uint8Array
  /** What is kept, for looking at alone: others may have its memory, too. Null before it was read. */
  readonly kept: Uint8Array | null
  /** Everything has been read and is kept: readers work any number of times. */
  readonly isBuffered: boolean
  /** Whether nobody else holds the bytes that a reader is given. */
  readonly isOwned: boolean
  /** Reads everything and keeps it. */
  buffer(): Promise<void>
  /** As `buffer`, for a body that is there already; false for one that has to be waited for. */
  bufferNow(): boolean
  /** Everything, once; a buffered body gives it any number of times. */
  take(): Promise<Uint8Array>
  /** The bytes piece by piece. */
  reader(): ByteReader
  /** The bytes before content decoding. */
  raw(): RawBody
  /** One stream, made when it is first asked for; it pulls, and buffers nothing. */
  stream(): ByteStream
  /** The stream to hand on: the runtime's own where it can be had. */
  handOn(): ByteStream
  /** Two bodies over one source. */
  tee(): BodyState
  /** Gives the body up, but saves the connection where little of it is left.
   *  @param unlessTaken not where somebody reads it, or was given its stream. */
  discard(unlessTaken?: boolean): Promise<void>
  /** As `discard`, for a body that is there already; false for one that has to be waited for. */
  discardNow(): boolean
  cancel(reason?: unknown): void
}
