/** What must hold whatever happens to a download. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
export { FAST, place } from '../unit/download/place.ts'

/** The whole file is right, or there is none. */
export async function check(path: string, bytes: Uint8Array): Promise<'whole' | 'nothing'> {
  const found = await readFile(path).catch(() => null)
  if (found === null) return 'nothing'
  assert.equal(Buffer.compare(found, bytes), 0, 'wrong bytes under the final name')
  return 'whole'
}

/** Random, but the same in every run of that seed. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
