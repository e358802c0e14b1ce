/** What the job tells its launcher, one JSON document per line, and what it is told to do. */

export interface Manifest {
  readonly runtime: string
  /** Base URL of the demo server. */
  readonly server: string
  /** PEM of the server's authority, or null where script cannot bring one along. */
  readonly ca: string | null
  /** The files to upload. */
  readonly files: readonly DemoFile[]
  /** The chunked upload: that many bytes of that seed. */
  readonly chunked: Content
  readonly download: Content
  /** Where the download goes, on runtimes with paths. */
  readonly target: string
}
/** Deterministic bytes: `pattern(seed, 0, size)`. */
export interface Content {
  readonly size: number
  readonly seed: number
  /** SHA-256, hex. */
  readonly sha256: string
}
export interface DemoFile extends Content {
  readonly name: string
  /** Null where there are no paths. */
  readonly path: string
}

export type Message =
  | {
      readonly kind: 'progress'
      readonly step: string
      readonly done: number
      readonly total: number
    }
  | {
      readonly kind: 'step'
      readonly step: string
      readonly bytes: number
      readonly ms: number
      readonly note: string
    }
  | { readonly kind: 'end'; readonly connections: number; readonly version: string }
  | { readonly kind: 'fault'; readonly error: string }
export type Report = (message: Message) => void
