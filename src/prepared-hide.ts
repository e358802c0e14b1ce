/** Hides what is secret about a prepared request (layer 2), wherever it is shown or written. */
import type { HeaderPair, HeaderPairs } from './ports.ts'
import { HIDDEN, isSecretHeader, isSecretName } from './secret-headers.ts'
import { redactURL } from './shown-url.ts'

export interface SecretsOption {
  /** `true`: credentials are shown. */
  readonly secrets?: boolean | undefined
}

/** Those the user declared secret as well as the well-known ones. */
export function hideHeaders(
  headers: HeaderPairs,
  declared: readonly string[] | undefined = [],
): HeaderPair[] {
  const secret = new Set(declared.map((name) => name.toLowerCase()))
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase()
    return [name, isSecretHeader(lower) || secret.has(lower) ? HIDDEN : value]
  })
}

/** Values of parameters that look like secrets; the fragment is never sent and stays away. */
export function hideURL(url: URL): string {
  return redactURL(url)
}

/**
 * Fields whose names look like secrets, in forms, JSON documents and multipart bodies. Null: nothing
 * was found, the bytes may be shown as they are. A text of another kind has no names to go by.
 */
export function hideBody(bytes: Uint8Array, contentType: string | null): string | null {
  const type = contentType?.toLowerCase() ?? ''
  const text = new TextDecoder().decode(bytes)
  const shown = hideText(text, type)
  return shown === text ? null : shown
}

function hideText(text: string, type: string): string {
  if (type.includes('x-www-form-urlencoded')) return hideForm(text)
  if (/\bjson\b/.test(type)) return hideJSON(text)
  const boundary = /^multipart\/.*boundary="?([^";]+)/.exec(type)?.[1]
  return boundary === undefined ? text : hideParts(text, boundary)
}

function hideForm(text: string): string {
  return text
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1)
      return pair.length > name.length && isSecretName(name) ? `${name}=${HIDDEN}` : pair
    })
    .join('&')
}

function hideJSON(text: string): string {
  let found = false
  try {
    const shown = JSON.stringify(JSON.parse(text), (name, value: unknown) => {
      if (name === '' || !isSecretName(name) || value === null) return value
      found = true
      return HIDDEN
    })
    return found ? shown : text
  } catch {
    // Not JSON after all: there are no names to go by.
    return text
  }
}

/** `boundary` is in lower case, as the type it was found in. */
function hideParts(text: string, boundary: string): string {
  const lower = text.toLowerCase()
  let shown = ''
  let at = 0
  while (at < text.length) {
    const next = lower.indexOf(`--${boundary}`, at + 1)
    const end = next === -1 ? text.length : next
    shown += hidePart(text.slice(at, end))
    at = end
  }
  return shown
}

function hidePart(part: string): string {
  const headEnd = part.indexOf('\r\n\r\n')
  const name = /\bname="([^"]*)"/.exec(part.slice(0, Math.max(headEnd, 0)))?.[1] ?? ''
  return isSecretName(name) ? `${part.slice(0, headEnd)}\r\n\r\n${HIDDEN}\r\n` : part
}
