/** Members of the platform that may be missing (layer 0): a missing one means "cannot". */
import type { RuntimeName } from './ports.ts'
import { unsupported } from './unsupported.ts'

export function demand<T>(
  member: T | undefined,
  what: string,
  runtime: RuntimeName,
  advice: string,
): T {
  if (member === undefined) throw unsupported(what, runtime, advice)
  return member
}
