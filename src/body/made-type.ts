/** Layer 1: the Content-Type that is known only when a body has been opened. */
import { isNamed } from '../header-list.ts'
import type { HeaderPairs, OpenBody } from '../ports.ts'
import { checkMultipartType } from './multipart-type.ts'

/** Its own: no prototype gives a body a type. */
export function typeOf(open: OpenBody): string | null {
  return Object.hasOwn(open, 'type') ? (open.type ?? null) : null
}

/**
 * The type to add to these header fields; null where they have one already.
 * @throws InvalidHeaderError where theirs cannot name our boundary.
 */
export function typeToAdd(headers: HeaderPairs, made: string | null): string | null {
  if (made === null) return null
  for (const [name, value] of headers) {
    if (!isNamed(name, 'content-type')) continue
    checkMultipartType(value, made)
    return null
  }
  return made
}
