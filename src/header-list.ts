/** Header fields that are a plain list (layer 0), as they go over the wire. */
import { Headers } from './headers.ts'
import type { HeaderFields, HeaderPairs } from './ports.ts'

/** What a transport gave: a list, as most mocks do, or fields of its own. */
export function fieldsOf(headers: HeaderPairs | HeaderFields): HeaderFields {
  return isList(headers) ? Headers.fromWire(headers) : headers
}

function isList(headers: HeaderPairs | HeaderFields): headers is HeaderPairs {
  return Array.isArray(headers)
}

/** The value of the first field of that name. `lower` is in lower case. */
export function findHeader(pairs: HeaderPairs, lower: string): string | null {
  // By places: an iterator over a frozen list makes an object for each field.
  for (let at = 0; at < pairs.length; at += 1) {
    const pair = pairs[at]
    if (pair !== undefined && isNamed(pair[0], lower)) return pair[1]
  }
  return null
}

/** Every field of that name, joined by a comma as lists are (RFC 9110 §5.3). */
export function joinHeader(pairs: HeaderPairs, lower: string): string | null {
  let joined: string | null = null
  for (const [name, value] of pairs) {
    if (isNamed(name, lower)) {
      joined = joined === null ? value : `${joined}, ${value}`
    }
  }
  return joined
}

/** Most names differ in length or by their first letter: then none is made lower case for that. */
export function isNamed(name: string, lower: string): boolean {
  return (
    name.length === lower.length &&
    (name.charCodeAt(0) | 0x20) === (lower.charCodeAt(0) | 0x20) &&
    name.toLowerCase() === lower
  )
}
