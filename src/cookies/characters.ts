/** The characters a cookie may have (RFC 6265bis §5.6 and §5.7 step 3), for all its ways in. */

/** Control characters but HTAB; `;` would end the pair. */
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/
/** Ours, not in the RFC: a field value has octets (RFC 9110 §5.5), so nothing beyond could be sent. */
const BEYOND_OCTETS = /[^\x00-\xff]/

/** Why this text cannot stand in a cookie, or null. A Set-Cookie line, a name or a value. */
export function badCharacters(text: string): string | null {
  if (CONTROL.test(text)) return 'it has a control character'
  return BEYOND_OCTETS.test(text) ? 'it has a character that is no octet' : null
}
