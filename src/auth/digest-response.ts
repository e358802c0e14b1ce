/** The Authorization header of Digest authentication (RFC 7616 §3.4), computed from its parts. */
import { encodeText } from '../as-bytes.ts'
import type { DigestHash } from './digest-hash.ts'

export interface DigestParts {
  readonly username: string
  readonly password: string
  readonly realm: string
  readonly nonce: string
  /** As the server spelt it; null for MD5 by default. */
  readonly algorithm: string | null
  /** Null for servers of RFC 2069. */
  readonly qop: 'auth' | 'auth-int' | null
  readonly opaque: string | null
  readonly userhash: boolean
  /** The server said `charset=UTF-8`, and so knows RFC 7616. */
  readonly utf8: boolean
  readonly method: string
  /** The request target: path and query. */
  readonly uri: string
  readonly cnonce: string
  /** How often the nonce has been used, this time included. */
  readonly nonceCount: number
  /** The digest of the body, for `auth-int`. */
  readonly bodyHash: string
}

export function digestHeader(parts: DigestParts, hash: DigestHash): string {
  const { qop } = parts
  const fields = [
    usernameField(parts, hash),
    `realm=${quote(octets(parts.realm))}`,
    `uri=${quote(parts.uri)}`,
    `nonce=${quote(parts.nonce)}`,
    // RFC 7616 §3.4: algorithm, qop and nc are not quoted.
    ...(parts.algorithm === null ? [] : [`algorithm=${parts.algorithm}`]),
    ...(qop === null ? [] : [`qop=${qop}`, `nc=${count(parts)}`, `cnonce=${quote(parts.cnonce)}`]),
    `response="${digestResponse(parts, hash)}"`,
    ...(parts.opaque === null ? [] : [`opaque=${quote(parts.opaque)}`]),
    ...(parts.userhash ? ['userhash=true'] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

/** RFC 7616 §3.4.1 to §3.4.3. */
export function digestResponse(parts: DigestParts, hash: DigestHash): string {
  const { qop, nonce, cnonce } = parts
  let secret = hash.text(
    `${given(parts, parts.username)}:${octets(parts.realm)}:${given(parts, parts.password)}`,
  )
  if (parts.algorithm?.toLowerCase().endsWith('-sess') === true) {
    secret = hash.text(`${secret}:${nonce}:${cnonce}`)
  }
  const body = qop === 'auth-int' ? `:${parts.bodyHash}` : ''
  const action = hash.text(`${parts.method}:${parts.uri}${body}`)
  if (qop === null) return hash.text(`${secret}:${nonce}:${action}`)
  return hash.text(`${secret}:${nonce}:${count(parts)}:${cnonce}:${qop}:${action}`)
}

function usernameField(parts: DigestParts, hash: DigestHash): string {
  const username = given(parts, parts.username)
  if (parts.userhash) return `username="${hash.text(`${username}:${octets(parts.realm)}`)}"`
  // RFC 8187. Servers older than RFC 7616 do not know it: they get the bytes of UTF-8.
  if (!parts.utf8 || /^[\x20-\x7e]*$/.test(username)) return `username=${quote(username)}`
  return `username*=UTF-8''${percentEncode(parts.username.normalize('NFC'))}`
}

/** The octets of what the user gave: UTF-8. RFC 7616 §4: if the server knows, in normal form C. */
function given({ utf8 }: DigestParts, text: string): string {
  return utf8Octets(utf8 ? text.normalize('NFC') : text)
}

/** What the server sent is hashed and sent back as it came, whatever charset that is: a header value
 *  has one character for each octet, unless the runtime has decoded it. */
function octets(text: string): string {
  return /[^\x00-\xff]/.test(text) ? utf8Octets(text) : text
}

function utf8Octets(text: string): string {
  return String.fromCharCode(...encodeText(text))
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function count(parts: DigestParts): string {
  return parts.nonceCount.toString(16).padStart(8, '0')
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
