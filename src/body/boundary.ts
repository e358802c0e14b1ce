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
  if (next === random.length) {
    random = crypto.getRandomValues(new Uint8Array(BATCH * BYTES))
    next = 0
  }
  let boundary = '----ubiquest-'
  for (const end = next + BYTES; next < end; next += 1) boundary += hex(random[next] ?? 0)
  return boundary
}

const BYTES = 24
/** To ask for random bits takes a fifth of the time of a small form: so many boundaries at once. */
const BATCH = 32
let random: Uint8Array = /* @__PURE__ */ new Uint8Array(0)
/** Each byte is used once. */
let next = 0

const DIGITS = '0123456789abcdef'

/** Four times as fast as `toString(16)`. */
function hex(byte: number): string {
  return DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15)
}
