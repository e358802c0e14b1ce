/** The standard keys of `RequestInit` that a caller's `init` hints may set. */
import type { NativeInit } from './dialect.ts'

const STANDARD = [
  'cache',
  'integrity',
  'keepalive',
  'mode',
  'priority',
  'referrer',
  'referrerPolicy',
  'window',
] as const

/** Sparse: a key is set only when the caller has set it. */
export function pickInit(
  hints: Readonly<Record<string, unknown>>,
  keys: readonly string[] = STANDARD,
  init: NativeInit = {},
): NativeInit {
  // Most calls have no hints, and a loop over nothing costs nothing.
  for (const key in hints) {
    const isOurs = keys.includes(key) && Object.hasOwn(hints, key)
    if (isOurs && hints[key] !== undefined) init[key] = hints[key]
  }
  return init
}
