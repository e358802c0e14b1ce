/** A prepared request as JSON and back (layer 2): to record it now and to send it again later. */
import { describe } from './bytes.ts'
import { base64ToBytes, bytesToBase64, encodeText } from './as-bytes.ts'
import { isStore } from './cookie-header.ts'
import { RequestError } from './errors.ts'
import { findHeader } from './header-list.ts'
import { own } from './own.ts'
import type { HeaderPairs } from './ports.ts'
import { bytesAtHand } from './prepared-body.ts'
import { hideBody, hideHeaders, hideURL } from './prepared-hide.ts'
import type { SecretsOption } from './prepared-hide.ts'
import type { PreparedInit } from './prepared-init.ts'
import { HIDDEN } from './secret-headers.ts'
import type { CookiesInput } from './types.ts'
import { originOf } from './url.ts'

export interface PreparedJSON {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Text where the bytes are UTF-8, else base64. */
  readonly body: { readonly text: string } | { readonly base64: string } | null
  /** Of this request alone. */
  readonly cookies: Readonly<Record<string, string | null>> | null
  /** Further names whose values no log may show. */
  readonly secretHeaders?: readonly string[] | undefined
  /** True: credentials were left out, so that this cannot be sent again. */
  readonly hidden: boolean
}

export function writeJSON(request: PreparedInit, options: SecretsOption = {}): PreparedJSON {
  const secrets = own(options, 'secrets') ?? false
  const { method, url, headers, secretHeaders } = request
  const body = request.body === null ? null : (bytesAtHand(request.body) ?? refuse(request))
  const cookies = writeCookies(request.cookies, url)
  const full = {
    method,
    url: url.href,
    headers: headers.map(([name, value]) => [name, value] as const),
    body: body === null ? null : writeBody(body),
    cookies,
    secretHeaders,
    hidden: false,
  }
  return secrets ? full : hide(full, request, body)
}

function hide(full: PreparedJSON, request: PreparedInit, body: Uint8Array | null): PreparedJSON {
  const shown = body === null ? null : hideBody(body, findHeader(request.headers, 'content-type'))
  const hiddenCookies = Object.keys(full.cookies ?? {}).map((name) => [name, HIDDEN] as const)
  const hidden = {
    ...full,
    url: hideURL(request.url) + request.url.hash,
    headers: hideHeaders(request.headers, request.secretHeaders),
    body: shown === null ? full.body : { text: shown },
    cookies: full.cookies === null ? null : Object.fromEntries(hiddenCookies),
  }
  return { ...hidden, hidden: JSON.stringify(hidden) !== JSON.stringify(full) }
}

/** @throws TypeError for what `toJSON` did not write, or wrote without its secrets */
export function readJSON(input: PreparedJSON | string): {
  readonly method: string
  readonly url: string
  readonly headers: HeaderPairs
  readonly body: Uint8Array | null
  readonly cookies: CookiesInput | null
  readonly secretHeaders: readonly string[] | undefined
} {
  const json: unknown = typeof input === 'string' ? JSON.parse(input) : input
  if (!isPrepared(json)) {
    throw new TypeError(`fromJSON takes what toJSON() wrote, not ${describe(json)}.`)
  }
  if (json.hidden) {
    throw new TypeError(
      'This request was written without its credentials: write it with toJSON({secrets: true}).',
    )
  }
  const { method, url, headers, cookies, secretHeaders } = json
  const body = json.body === null ? null : readBody(json.body)
  return { method, url, headers, cookies, secretHeaders, body }
}

function isPrepared(json: unknown): json is PreparedJSON {
  return (
    typeof json === 'object' &&
    json !== null &&
    'method' in json &&
    'url' in json &&
    'headers' in json &&
    Array.isArray(json.headers) &&
    'body' in json &&
    typeof json.body === 'object'
  )
}

function readBody(body: NonNullable<PreparedJSON['body']>): Uint8Array {
  return 'text' in body ? encodeText(body.text) : base64ToBytes(body.base64)
}

function writeBody(bytes: Uint8Array): NonNullable<PreparedJSON['body']> {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    // Not UTF-8.
    return { base64: bytesToBase64(bytes) }
  }
}

/** `null` keeps one of the session's away. */
function writeCookies(cookies: CookiesInput | null, url: URL): PreparedJSON['cookies'] {
  if (cookies === null) return null
  const pairs = isStore(cookies)
    ? (cookies.header(url, originOf(url)) ?? '').split('; ').map((pair) => pair.split(/=(.*)/s, 2))
    : Object.entries(cookies)
  const written = pairs.filter(([name, value]) => name !== '' && value !== undefined)
  return Object.fromEntries(written) as Record<string, string | null> // Nothing else is left.
}

function refuse({ method }: PreparedInit): never {
  throw new RequestError(
    `The body of this ${method} request is not in memory and cannot be written as JSON: await prepared.bufferBody() first.`,
    { code: 'BODY_NOT_IN_MEMORY' },
  )
}
