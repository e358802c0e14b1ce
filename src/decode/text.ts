/** Bytes to text of a charset that is known (leaf of step 4). */

/** What decodes at once keeps no state; made when it is first asked for. */
let utf8: TextDecoder | null = null

/** Bytes that the charset does not have become U+FFFD, as browsers do. @param charset a label. */
export function decodeAs(bytes: Uint8Array, charset: string): string {
  if (charset !== 'utf-8') {
    // In one go, Node 20 takes Windows-1252 for Latin-1, which has no euro sign and no quotes.
    const decoder = new TextDecoder(charset)
    return decoder.decode(bytes, { stream: true }) + decoder.decode()
  }
  utf8 ??= new TextDecoder()
  return utf8.decode(bytes)
}
