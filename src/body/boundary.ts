/** Layer 1: the boundary of a multipart body, which no part may be able to foresee. */
import { unsupported } from '../unsupported.ts'

/** 192 random bits; only letters, digits and hyphens, so that no parser wants it quoted. */
export function randomBoundary(): string {
  // Looked up now and not before: an engine may get its `crypto` from a polyfill.
  const { crypto } = globalThis as Partial<typeof globalThis>
  if (crypto?.getRandomValues === undefined) {
    throw unsupported(
      'A multipart boundary that nobody can foresee',
      'an engine without crypto.getRandomValues',
      'Load a polyfill of crypto first.',
    )
  }
  if (next === digits.length) {
    digits = hex(crypto.getRandomValues(new Uint8Array(BATCH * DIGITS)))
    next = 0
  }
  next += DIGITS
  return `----ubiquest-${digits.slice(next - DIGITS, next)}`
}

const DIGITS = 48
/** To ask for random bits takes a fifth of the time of a small form: so many boundaries at once. */
const BATCH = 32
let digits = ''
/** Each digit is used once. */
let next = 0

/** A digit of each byte. Decoded: a text put together from digits is a tree of them to engines, which
 *  they walk through for each part that it stands before. */
function hex(random: Uint8Array): string {
  // By place: an iterator takes six times as long.
  for (let at = 0; at < random.length; at += 1) {
    const digit = (random[at] ?? 0) & 15
    random[at] = digit + (digit < 10 ? 48 : 87)
  }
  return new TextDecoder().decode(random)
}
