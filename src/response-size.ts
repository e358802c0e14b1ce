/** The sizes that readers of a body are asked for (layer 2). */
import { describe } from './bytes.ts'

export function checkSize(size: number, least: number): number {
  if (typeof size !== 'number') {
    throw new TypeError(`A size is a number of bytes, not ${describe(size)}.`)
  }
  if (Number.isSafeInteger(size) && size >= least) return size
  throw new RangeError(
    `A size is a whole number of bytes from ${String(least)} on, not ${String(size)}.`,
  )
}
