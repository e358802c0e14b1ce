/** The characters a cookie may have (RFC 6265bis §5.6 and §5.7 step 3), for all its ways in. */

/**
 * No control characters but HTAB; and, ours, nothing beyond octets, of which a field value is made
 * (RFC 9110 §5.5): it could never be sent.
 */
const BAD = /[^\t\x20-\x7e\x80-\xff]/

/** Why this text cannot stand in a cookie, or null. A Set-Cookie line, a name or a value. */
export function badCharacters(text: string): string | null {
  const bad = BAD.exec(text)?.[0]
  if (bad === undefined) return null
  return bad > '\xff' ? 'it has a character that is no octet' : 'it has a control character'
}
