/** Deterministic bytes, the same in the server and in the cases: content is known by seed and place. */

/** The bytes from `start` up to `end` of the endless sequence of that seed. */
export function pattern(seed: number, start: number, end: number): Uint8Array<ArrayBuffer> {
  const first = Math.floor(start / 4)
  const words = new Uint32Array(Math.ceil(end / 4) - first)
  const salt = Math.imul(seed + 1, 0x9e3779b1)
  for (let at = 0; at < words.length; at++) words[at] = mix((first + at) ^ salt)
  const bytes = new Uint8Array(words.buffer)
  return bytes.slice(start - first * 4, end - first * 4)
}

/** Calls for pieces of `chunk` bytes, so that nobody holds the whole. */
export function* patternChunks(
  seed: number,
  start: number,
  end: number,
  chunk = 65536,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = start; at < end; at += chunk) yield pattern(seed, at, Math.min(end, at + chunk))
}

/** The finaliser of MurmurHash3 (public domain): every bit of the input moves every bit out. */
function mix(value: number): number {
  let word = value
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
