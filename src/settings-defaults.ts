/** What holds where nobody says anything (layer 2). */

export const DEFAULTS = {
  /** Milliseconds; a call may take any time in all. */
  timeout: { connect: 10_000, read: 60_000 },
  /** Bytes of a body that is kept. */
  maxBytes: 104_857_600,
} as const
