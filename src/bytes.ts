/** Bytes and values (layer 0): put together, and named in messages. */

export function concatBytes(
  chunks: readonly Uint8Array[],
  length: number = total(chunks),
): Uint8Array {
  const first = chunks[0]
  if (chunks.length === 1 && first?.length === length) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

/** What a value is, for messages: never the value itself, which may be a secret. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string' && value.length === 0) return 'an empty string'
  if (typeof value !== 'object') return typeof value
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object'
}

function total(chunks: readonly Uint8Array[]): number {
  let sum = 0
  for (const chunk of chunks) sum += chunk.length
  return sum
}
