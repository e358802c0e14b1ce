/**
 * The file name in Content-Disposition (RFC 6266, with the extended values of RFC 8187): scanned by
 * hand, since the grammar invites regular expressions that take quadratic time. What comes out was
 * chosen by a server: `safeFileName` makes it fit for a folder.
 */

/** `filename*` before `filename` (RFC 6266 §4.3); null where there is neither. */
export function dispositionFileName(header: string | null): string | null {
  if (header === null) return null
  const parameters = scanParameters(header)
  const extended = parameters.get('filename*')
  const plain = parameters.get('filename')
  const decoded = extended === undefined ? null : decodeExtended(extended)
  return decoded ?? (plain === undefined ? null : readUTF8(plain))
}

/** Parameters by lower-case name; of two alike the first counts (RFC 6266 §4.1 forbids them). */
function scanParameters(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let at = endOf(header, 0, ';')
  while (at < header.length) {
    const nameEnd = endOf(header, at + 1, '=;')
    const name = header
      .slice(at + 1, nameEnd)
      .trim()
      .toLowerCase()
    at = nameEnd
    if (header[nameEnd] !== '=') continue
    const [value, end] = scanValue(header, nameEnd + 1)
    if (name !== '' && !found.has(name)) found.set(name, value)
    at = endOf(header, end, ';')
  }
  return found
}

function scanValue(header: string, from: number): [value: string, end: number] {
  let at = from
  while (header[at] === ' ' || header[at] === '\t') at += 1
  if (header[at] !== '"') {
    const end = endOf(header, at, ';')
    return [header.slice(at, end).trim(), end]
  }
  let value = ''
  for (at += 1; at < header.length && header[at] !== '"'; at += 1) {
    // Only these two are ever quoted: `"C:\dir\name"` is what careless servers send.
    const next = header[at + 1]
    if (header[at] === '\\' && (next === '"' || next === '\\')) at += 1
    value += header[at] ?? ''
  }
  return [value, at + 1]
}

/** RFC 8187 §3.2.1: charset, language, percent-encoded bytes; null when it is not that. */
function decodeExtended(value: string): string | null {
  const [charset = '', , ...rest] = value.split("'")
  if (rest.length === 0) return null
  // JavaScript's encodeURIComponent leaves apostrophes as they are, though RFC 8187 does not.
  const coded = rest.join("'")
  // A stray percent sign, or characters that had to be encoded: no extended value after all.
  if (/%(?![0-9a-f]{2})|[^\x21-\x7e]/i.test(coded)) return null
  const bytes = coded.match(/%[0-9a-f]{2}|./gi) ?? []
  const codes = bytes.map((part) =>
    part.length === 3 ? parseInt(part.slice(1), 16) : part.charCodeAt(0),
  )
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Uint8Array.from(codes))
  } catch {
    // A charset nobody knows, or bytes that are not of it: `filename` decides.
    return null
  }
}

/** Many servers send raw UTF-8, which arrives as Latin-1 on most runtimes. */
function readUTF8(name: string): string {
  if (!/[\x80-\xff]/.test(name) || /[^\0-\xff]/.test(name)) return name
  try {
    const bytes = Uint8Array.from(name, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // It was Latin-1 after all.
    return name
  }
}

function endOf(text: string, from: number, marks: string): number {
  let at = from
  while (at < text.length && !marks.includes(text[at] ?? '')) at += 1
  return at
}
