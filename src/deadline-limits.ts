/** Which limits of time there are (leaf of the deadline): types alone. */

/** Milliseconds; null is no limit. */
export interface TimeLimits {
  readonly connect: number | null
  readonly read: number | null
  readonly total: number | null
  /** The caller set `read`, so that it holds for large uploads too. */
  readonly readIsExplicit: boolean
}

/** What an attempt waits for. */
export type Phase = 'none' | 'connect' | 'answer' | 'read'
