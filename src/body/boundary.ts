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
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  for (const word of new Uint32Array(bytes.buffer)) {
    boundary += word.toString(16).padStart(8, '0')
  }
  return boundary
}
