/** `Repr-Digest` and `Content-Digest` (RFC 9530): a dictionary of algorithms and byte sequences. */

export interface Digest {
  readonly algorithm: string
  readonly value: Uint8Array
}

/** RFC 9530 §5: the others are insecure or unknown, and prove nothing. */
const KNOWN: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-512': 64 }

/** The digests that can be checked. Null: there is a field, and it makes no sense. */
export function parseDigestField(value: string | null): readonly Digest[] | null {
  if (value === null) return []
  const digests: Digest[] = []
  // Byte sequences (RFC 8941 §3.3.5) have no commas; parameters may follow and are ignored.
  for (const member of value.split(',')) {
    const found = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,:]*)?\s*$/.exec(member)
    const [algorithm, encoded] = found?.slice(1) ?? []
    if (algorithm === undefined || encoded === undefined) return null
    if (!Object.hasOwn(KNOWN, algorithm)) continue
    const bytes = decodeBase64(encoded)
    if (bytes === null || bytes.length !== KNOWN[algorithm]) return null
    digests.push({ algorithm, value: bytes })
  }
  return digests
}

/** What a caller gives: bytes, hexadecimal, or base64. Null when it is none of that length. */
export function readDigestValue(input: string | Uint8Array, length: number): Uint8Array | null {
  if (input instanceof Uint8Array) return input.length === length ? input : null
  const text = input.trim()
  if (text.length === length * 2 && /^[0-9a-f]+$/i.test(text)) {
    return Uint8Array.from({ length }, (_, at) =>
      Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
    )
  }
  const bytes = decodeBase64(text)
  return bytes !== null && bytes.length === length ? bytes : null
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** RFC 4648 §4; not every engine has `atob`. Padding may be left out. */
function decodeBase64(text: string): Uint8Array | null {
  const found = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text)?.[1]
  if (found === undefined || found.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((found.length * 3) / 4))
  let [bits, size, at] = [0, 0, 0]
  for (const digit of found) {
    bits = ((bits << 6) | DIGITS.indexOf(digit)) & 0xfff
    size += 6
    if (size < 8) continue
    size -= 8
    bytes[at++] = (bits >> size) & 0xff
  }
  return bytes
}
