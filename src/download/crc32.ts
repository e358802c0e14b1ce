/**
 * CRC-32 (RFC 1952 §8), for engines that have none: finds what a crash or another program did to
 * parts on a disk. Against forgery there are checksums and digests.
 */

let tables: readonly Int32Array[] | null = null

/** @param previous the CRC-32 of the bytes before, 0 for none. */
export function crc32(bytes: Uint8Array, previous: number): number {
  tables ??= makeTables()
  const [t0, t1, t2, t3] = tables
  if (t0 === undefined || t1 === undefined || t2 === undefined || t3 === undefined) return 0
  let crc = ~previous
  let at = 0
  // Four bytes at a step, a table for each: about 2.5 times as fast as one.
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= at32(bytes, at)
    crc =
      (t3[crc & 0xff] ?? 0) ^
      (t2[(crc >>> 8) & 0xff] ?? 0) ^
      (t1[(crc >>> 16) & 0xff] ?? 0) ^
      (t0[crc >>> 24] ?? 0)
  }
  for (; at < bytes.length; at++) crc = (t0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

function at32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0] = [bytes[at], bytes[at + 1]]
  return a | (b << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

function makeTables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    return crc
  })
  const next = (table: Int32Array): Int32Array =>
    table.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0))
  const second = next(first)
  const third = next(second)
  return [first, second, third, next(third)]
}
