/** Bytes that somebody may do with as he likes (layer 0). */

/** Bytes whose memory is nobody else's: whoever transfers it to a worker empties nobody's. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes
  if (length !== buffer.byteLength) return new Uint8Array(bytes)
  // A runtime's own class of bytes, such as Node's Buffer, has other methods under the same names.
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(buffer, byteOffset, length)
}
