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
  let boundary = '----ubiquest-'
  for (const byte of crypto.getRandomValues(new Uint8Array(24))) {
    boundary += byte.toString(16).padStart(2, '0')
  }
  return boundary
}
