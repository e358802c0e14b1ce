/**
 * WWW-Authenticate and Authentication-Info (RFC 9110 §11): scanned by hand, in linear time, since
 * one field may hold several challenges and commas separate both challenges and parameters.
 */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string
  /** By lower-case name, unquoted. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Every challenge, in the server's order of preference; what is malformed is skipped. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  return values.flatMap(scanChallenges)
}

/** `name=value` pairs without a scheme, as in Authentication-Info. */
export function parseParameters(value: string): Record<string, string> {
  const [only] = scanChallenges(`none ${value}`)
  return { ...only?.parameters }
}

function scanChallenges(text: string): Challenge[] {
  const found: Challenge[] = []
  let current: Record<string, string> | null = null
  let at = 0
  while (at < text.length) {
    const start = skip(text, at, ' \t,')
    const end = wordEnd(text, start)
    const next = skip(text, end, ' \t')
    at = next
    if (text[next] === '=' && current !== null && end > start) {
      const [value, after] = scanValue(text, next + 1)
      const name = text.slice(start, end).toLowerCase()
      current[name] ??= value
      at = after
    } else if (end > start) {
      // Without prototype: names come from the wire, and `__proto__` is just a name.
      current = Object.create(null) as Record<string, string>
      found.push({ scheme: text.slice(start, end).toLowerCase(), parameters: current })
      at = skipToken68(text, next)
    } else {
      at = Math.max(next, start) + 1
    }
  }
  return found
}

/** `Negotiate abc==`: neither a parameter nor a scheme (RFC 9110 §11.2). */
function skipToken68(text: string, from: number): number {
  let end = from
  while (end < text.length && !' \t,="'.includes(text[end] ?? '')) end += 1
  end = skip(text, end, '=')
  const after = skip(text, end, ' \t')
  return after >= text.length || text[after] === ',' ? end : from
}

function scanValue(text: string, from: number): [value: string, end: number] {
  let at = skip(text, from, ' \t')
  if (text[at] !== '"') {
    const end = valueEnd(text, at)
    return [text.slice(at, end).trim(), end]
  }
  let value = ''
  for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
    // RFC 9110 §5.6.4: a backslash quotes the next character.
    if (text[at] === '\\') at += 1
    value += text[at] ?? ''
  }
  return [value, at + 1]
}

function skip(text: string, from: number, marks: string): number {
  let at = from
  while (at < text.length && marks.includes(text[at] ?? '')) at += 1
  return at
}

function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !' \t,="/'.includes(text[at] ?? '')) at += 1
  return at
}

function valueEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !' \t,'.includes(text[at] ?? '')) at += 1
  return at
}
