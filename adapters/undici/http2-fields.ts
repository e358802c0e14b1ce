/** Header fields as HTTP/2 has them: Node throws for others, in the middle of undici's own work. */

import type { RawText } from './shims.ts'

/** Values as undici gives them to a session; a list where Cookie is there several times. */
export type SentFields = Readonly<Record<string, string | readonly string[]>>

/** RFC 9113 §8.2.2: they are about a connection of HTTP/1.1, and none of HTTP/2 may carry them. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Names in lower case, each of them once (§8.2.1). */
export function http2Fields(given: SentFields): SentFields {
  const fields: Record<string, string | readonly string[]> = {}
  for (const [spelt, value] of Object.entries(given)) {
    const name = spelt.toLowerCase()
    if (OF_CONNECTIONS.has(name)) continue
    // All that TE may say there.
    if (name === 'te' && String(value).toLowerCase() !== 'trailers') continue
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined
    fields[name] = before === undefined ? value : both(name, before, value)
  }
  return fields
}

function both(name: string, one: string | readonly string[], other: typeof one): string {
  return [one, other].flat().join(name === 'cookie' ? '; ' : ', ')
}

/** Of an answer: Node reads the octets as Latin-1, and undici writes what it has read as UTF-8. */
export function http2Text(raw: RawText): string {
  return typeof raw === 'string' ? raw : raw.toString()
}
