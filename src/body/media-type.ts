/** Layer 1: the media type a file name stands for. The table behind it is larger than the rest of
 *  this folder, so only what deals with files may load it. */
import { lookup } from 'mrmime'

/** Null when the name has no extension or an unknown one. */
export function guessMediaType(name: string): string | null {
  const dot = name.lastIndexOf('.')
  if (dot === -1) return null
  // Its table is a plain object: `x.constructor` finds a function there.
  const found: unknown = lookup(name.slice(dot + 1))
  return typeof found === 'string' ? found : null
}
