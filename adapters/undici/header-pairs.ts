/** The header fields of an answer, as undici brings them. */
import type { HeaderPair } from '../../src/ports.ts'
import type { RawText } from './shims.ts'

export function headerPairs(raw: readonly RawText[]): HeaderPair[] {
  const pairs: HeaderPair[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    pairs.push([text(raw[at]), withoutPadding(text(raw[at + 1]))])
  }
  return pairs
}

/** RFC 9110 §5.5: fields are octets, and Latin-1 keeps every one of them. */
function text(raw: RawText | undefined): string {
  if (raw === undefined) return ''
  return typeof raw === 'string' ? raw : raw.toString('latin1')
}

/** The parser leaves the white space that follows a value. No regular expression: on a long run of
 *  spaces it would take quadratic time. */
function withoutPadding(value: string): string {
  let end = value.length
  while (end > 0 && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0x09)) {
    end -= 1
  }
  return end === value.length ? value : value.slice(0, end)
}
