/**
 * Bytes to text (leaf of step 4): which charset a body has, and decoding it, at once or in chunks.
 * Order: what the caller says, a byte order mark, Content-Type, the document's own declaration, and
 * UTF-8. Unlike Python's requests, text without a charset is not taken for Latin-1 (RFC 9110
 * dropped that default).
 */
import { decodeAs } from './text.ts'

/** The text of bytes of a charset that is still to be found. */
export function decodeText(
  bytes: Uint8Array,
  contentType: string | null,
  override: string | null = null,
): string {
  return decodeAs(bytes, charsetOf(bytes, contentType, override))
}

/** The name of the charset, a label that TextDecoder knows. */
export function charsetOf(
  head: Uint8Array,
  contentType: string | null,
  override: string | null = null,
): string {
  if (override !== null) return demandLabel(override)
  return (
    byteOrderMark(head) ??
    knownLabel(charsetParameter(contentType)) ??
    knownLabel(declaredCharset(head, contentType)) ??
    'utf-8'
  )
}

/** The charset parameter of a Content-Type, unquoted; null when there is none. */
export function charsetParameter(contentType: string | null): string | null {
  if (contentType === null || !contentType.includes(';')) return null
  const match = /;[\t ]*charset[\t ]*=[\t ]*(?:"([^"]*)"|'([^']*)'|([^;\s]*))/i.exec(contentType)
  const label = match?.[1] ?? match?.[2] ?? match?.[3] ?? ''
  return label.trim() === '' ? null : label.trim()
}

/** The HTML standard (§13.2.3.2) looks for a declaration this far. */
export const DECLARATION_BYTES = 1024

function byteOrderMark(head: Uint8Array): string | null {
  // By their places: to destructure is to iterate, which makes objects on some engines.
  const a = head[0]
  const b = head[1]
  const c = head[2]
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return null
}

const COMMENT = /<!(?=--)[^]*?(?:-->|$)/g

/** `<meta charset>` of HTML, outside of comments, `<?xml encoding?>` of XML. */
function declaredCharset(head: Uint8Array, contentType: string | null): string | null {
  if (!mayDeclare(contentType)) return null
  let text = ''
  for (const byte of head.subarray(0, DECLARATION_BYTES)) text += String.fromCharCode(byte)
  const found =
    /^\s{0,64}<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})["']/i.exec(text) ??
    /<meta\s[^>]{0,400}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{1,40})/i.exec(
      text.replace(COMMENT, ''),
    )
  const label = found?.[1]?.toLowerCase() ?? null
  // A declaration that could be read byte by byte is not UTF-16, whatever it says (HTML §13.2.3.2).
  return label !== null && label.startsWith('utf-16') ? 'utf-8' : label
}

export function mayDeclare(contentType: string | null): boolean {
  if (contentType === null || contentType === lastMute) return false
  if (/^\s*[\w.+-]+\/(?:[\w.+-]*\+)?(?:html|xml)\b/i.test(contentType)) return true
  lastMute = contentType
  return false
}

/** A type whose documents declare nothing: nearly every answer of an API has that of the one before. */
let lastMute: string | null = null

export function knownLabel(label: string | null): string | null {
  if (label === null) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    // A server's misspelt charset is no reason to lose the text: the next rule decides.
    return null
  }
}

function demandLabel(label: string): string {
  const known = knownLabel(label)
  if (known !== null) return known
  throw new TypeError(`This runtime knows no charset named ${JSON.stringify(label.slice(0, 40))}.`)
}
