/**
 * The Link header (RFC 8288 §3), as `response.links` shows it: scanned by hand, since the grammar
 * invites regular expressions that take quadratic time.
 */

/** The target, made absolute, and its parameters by lower-case name. */
export interface Link {
  readonly url: string
  readonly [parameter: string]: string
}
/** By relation type, or by URL where there is none. */
export type LinkTable = Readonly<Record<string, Link>>

/** Links that are not well-formed are skipped; of two with one relation, the last one counts, as in
 *  Python's requests. A `rel` of several types gives one entry for each. */
export function parseLinks(header: string | null, baseUrl: string): LinkTable {
  // Without prototype: names come from the wire, and `__proto__` is just a name.
  const table: Record<string, Link> = Object.create(null) as Record<string, Link>
  for (const { target, parameters } of scanLinks(header ?? '')) {
    const url = absolute(target, baseUrl)
    const link: Link = Object.assign(Object.create(null) as object, parameters, { url })
    const types = (link['rel'] ?? '').split(/\s+/).filter((type) => type !== '')
    for (const key of types.length === 0 ? [url] : types) table[key] = link
  }
  return table
}

interface ScannedLink {
  readonly target: string
  readonly parameters: Readonly<Record<string, string>>
}

function* scanLinks(header: string): Generator<ScannedLink, void> {
  let at = 0
  for (;;) {
    const open = header.indexOf('<', at)
    const close = header.indexOf('>', open)
    if (open === -1 || close === -1) return
    const found: Record<string, string> = Object.create(null) as Record<string, string>
    at = scanParameters(header, close + 1, found)
    yield { target: header.slice(open + 1, close).trim(), parameters: found }
  }
}

/** Reads up to the comma that ends the link; returns where the next one begins. */
function scanParameters(header: string, from: number, found: Record<string, string>): number {
  let at = from
  while (at < header.length && header[at] !== ',') {
    if (header[at] !== ';') {
      at += 1
      continue
    }
    const end = endOf(header, at + 1, '=;,')
    const name = header
      .slice(at + 1, end)
      .trim()
      .toLowerCase()
    at = end
    let value = ''
    if (header[end] === '=') [value, at] = scanValue(header, end + 1)
    // RFC 8288 §3.3: occurrences after the first are ignored.
    if (name !== '' && !(name in found)) found[name] = value
  }
  return at + 1
}

function scanValue(header: string, from: number): [value: string, end: number] {
  let at = from
  while (header[at] === ' ' || header[at] === '\t') at += 1
  if (header[at] !== '"') {
    const end = endOf(header, at, ';,')
    // Apostrophes are no quotes to RFC 8288, but to servers that write them, and to `requests`.
    return [
      header
        .slice(at, end)
        .trim()
        .replace(/^'(.*)'$/, '$1'),
      end,
    ]
  }
  let value = ''
  for (at += 1; at < header.length && header[at] !== '"'; at += 1) {
    // RFC 9110 §5.6.4: a backslash quotes the next character.
    if (header[at] === '\\') at += 1
    value += header[at] ?? ''
  }
  return [value, at + 1]
}

function endOf(text: string, from: number, marks: string): number {
  let at = from
  while (at < text.length && !marks.includes(text[at] ?? '')) at += 1
  return at
}

function absolute(target: string, baseUrl: string): string {
  try {
    return baseUrl === '' ? target : new URL(target, baseUrl).href
  } catch {
    // What cannot be parsed is shown as it came.
    return target
  }
}
