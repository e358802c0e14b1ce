/** Where the bytes of a download are kept until they are whole (layer 0): one file, or many parts. */
import type { Clock } from './ports.ts'

/** The bytes of one download and the record of them, beside the final name and under a lock. */
export interface PartStore {
  /** The final path or name, for messages. */
  readonly target: string
  /** What was written is found again by the next call: else nothing is kept of a failure. */
  readonly durable: boolean
  /** Several writers may be open at once, and written bytes can be read back. */
  readonly random: boolean
  /** Two records are written at least this far apart. */
  readonly checkpointMs: number
  /** The runtime's own CRC-32, where it has one. */
  readonly crc32?: (bytes: Uint8Array, previous: number) => number
  /** The record of an earlier call, or null. Parts without a record are foreign and set aside. */
  loadState(): Promise<string | null>
  /** Replaces the record, atomically. */
  saveState(text: string): Promise<void>
  /** A record that cannot be used, and its parts, get other names. */
  setAside(): Promise<void>
  /** Forgets all bytes. No writer is used from before to after. */
  reset(): Promise<void>
  /** Forgets what is outside of these ranges; their ends are exclusive. */
  trim(ranges: readonly (readonly [start: number, end: number])[]): Promise<void>
  /** Writes from `offset` on. */
  writer(offset: number): PartWriter
  /** What there is of these bytes; ends early where some are missing. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
  /** Puts exactly `total` bytes under the final name; resolves to that. */
  commit(total: number): Promise<string>
  /** Leaves everything for the next call. */
  close(): Promise<void>
  /** Removes everything but what stands under the final name. */
  discard(): Promise<void>
}

export interface PartWriter {
  /** The place up to which bytes have been written, whatever failed behind it. */
  readonly written: number
  /**
   * Takes the bytes at once; resolves when it wants more, null: now. They are not changed any more,
   * and when they are `disposable` nobody else will read them either.
   */
  write(bytes: Uint8Array, disposable: boolean): Promise<void> | null
  /** What was written before is kept when this resolves, even if the process dies. */
  flush(): Promise<void>
}

export interface OpenPartsOptions {
  /** The name for a destination that is a directory; asked at most once. */
  name(): Promise<string>
  /** Another call is busy with this destination: an error, or wait for its end. */
  readonly onLocked: 'error' | 'wait'
  /** False: a file under the final name is an error. Asked when the name is known. */
  overwrite(): boolean
  readonly clock: Clock
  readonly signal: AbortSignal | null
}

/** Null for a destination of another kind. */
export type OpenParts = (
  destination: unknown,
  options: OpenPartsOptions,
) => Promise<PartStore | null>
