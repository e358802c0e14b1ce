/** What holds where nobody says anything (layer 2). */
import type { TimeLimits } from './deadline-limits.ts'

interface Defaults {
  readonly timeout: TimeLimits
  /** Bytes of a body that is kept. */
  readonly maxBytes: number
}

export const DEFAULTS: Defaults = {
  timeout: { connect: 10_000, read: 60_000, total: null, readIsExplicit: false },
  maxBytes: 104_857_600,
}
