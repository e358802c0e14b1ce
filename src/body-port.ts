/** Bodies as they cross the border to an adapter (layer 0). */

/** A body before it is sent. The same source may be opened once per attempt if it is replayable. */
export interface BodySource {
  /** Whether `open` may be called again: for retries, 307/308 and challenges. */
  readonly replayable: boolean
  /** All bytes, in parts, where they are in memory: for looking at a body without opening it. */
  readonly memory?: readonly Uint8Array[]
  /** Measures and opens what has to be opened, for one attempt. Throws `UnrewindableBodyError` on a
   *  second call of a source that is not replayable. */
  open(): OpenBody | Promise<OpenBody>
}

/** A body during one attempt. */
export interface OpenBody {
  /** Exact number of bytes, or null when it is not known: chunked. */
  readonly length: number | null
  readonly pieces: readonly BodyPiece[]
  /** Of a body that was made just now: for a request that has no Content-Type of its own. */
  readonly type?: string | null
  /** Releases files and streams; called always and once, also after a failure. */
  close(reason?: unknown): Promise<void> | void
}

export type BodyPiece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'file'; readonly file: OpenFile; readonly start: number; readonly end: number }
  | {
      readonly kind: 'stream'
      readonly length: number | null
      readonly chunks: AsyncIterator<Uint8Array>
    }

/** A file opened for reading: `size` is what `fstat` said then, and exactly that is read. */
export interface OpenFile {
  readonly size: number
  /** The bytes from `start` up to `end`, in large pieces with read-ahead. `lend`: a piece is valid
   *  until two more have been asked for, so that its memory can be used again. */
  read(start: number, end: number, lend?: boolean): AsyncIterator<Uint8Array>
  /** What the runtime sends best by itself, such as a `Bun.file`. */
  readonly native?: unknown
  /** Whether the file has another size than it was opened with; asked before its last bytes go. */
  changed?(): boolean | Promise<boolean>
  close(): Promise<void> | void
}
