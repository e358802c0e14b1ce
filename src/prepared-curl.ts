/** A prepared request as a line for a POSIX shell (layer 2), which sends the same with curl. */
import { requestCookies } from './cookie-header.ts'
import { emptyJar } from './empty-jar.ts'
import { findHeader } from './header-list.ts'
import { own } from './own.ts'
import type { HeaderPair } from './ports.ts'
import { bytesAtHand } from './prepared-body.ts'
import { hideBody, hideHeaders, hideURL } from './prepared-hide.ts'
import type { SecretsOption } from './prepared-hide.ts'
import type { PreparedInit } from './prepared-init.ts'
import { originOf } from './url.ts'

export function curlLine(request: PreparedInit, options: SecretsOption = {}): string {
  const secrets = own(options, 'secrets') ?? false
  const all = allHeaders(request)
  const url = secrets ? withoutFragment(request.url) : hideURL(request.url)
  const { pipe, data } = bodyArguments(request, secrets)
  const words = [
    'curl',
    ...methodArguments(request),
    // curl takes brackets and braces in a URL for patterns.
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    // A path goes out as it is, as from us.
    ...(/\/\.\.?(?:\/|$)/.test(request.url.pathname) ? ['--path-as-is'] : []),
    quote(url),
    ...headerArguments(secrets ? all : hideHeaders(all, request.secretHeaders), request),
    ...data,
  ]
  return `${pipe}${words.join(' ')}`
}

/** With the cookies of this request, which are no header before it is sent. */
export function allHeaders(request: PreparedInit): HeaderPair[] {
  const { url } = request
  const origin = originOf(url)
  const cookie = requestCookies(request, emptyJar(), origin, origin)
  return cookie === null ? [...request.headers] : [...request.headers, ['Cookie', cookie]]
}

function methodArguments({ method, body }: PreparedInit): string[] {
  if (method === 'HEAD') return ['--head']
  if (method === 'GET' && body === null) return []
  return ['--request', method]
}

/** `Name:` keeps curl from adding a header of its own, `Name;` sends an empty one. */
function headerArguments(headers: readonly HeaderPair[], { body }: PreparedInit): string[] {
  const own: [string, string][] = [
    ['User-Agent', 'user-agent'],
    ['Accept', 'accept'],
    ...(body === null ? [] : [['Content-Type', 'content-type'] satisfies [string, string]]),
  ]
  const missing = own.filter(([, lower]) => findHeader(headers, lower) === null)
  return [
    ...headers.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`)),
    ...missing.map(([name]) => `${name}:`),
  ].flatMap((header) => ['--header', quote(header)])
}

interface BodyArguments {
  /** What writes the body into curl's standard input, with the bar; or nothing. */
  readonly pipe: string
  readonly data: readonly string[]
}

function bodyArguments({ body, headers, method }: PreparedInit, secrets: boolean): BodyArguments {
  const pipe = ''
  if (body === null) {
    // As a POST of ours does, it says that its body is empty.
    const isEmpty = method === 'POST' || method === 'PUT' || method === 'PATCH'
    return { pipe, data: isEmpty ? ['--data-raw', "''", '--header', "'Content-Type:'"] : [] }
  }
  const bytes = bytesAtHand(body)
  if (bytes === null) return { pipe, data: ['--data-binary', '@-'] }
  const hidden = secrets ? null : hideBody(bytes, findHeader(headers, 'content-type'))
  if (hidden !== null) return { pipe, data: ['--data-raw', quote(hidden)] }
  const text = plainText(bytes)
  if (text !== null) return { pipe, data: ['--data-raw', quote(text)] }
  return { pipe: `printf '${octal(bytes)}' | `, data: ['--data-binary', '@-'] }
}

/** Null for bytes that no argument of a program can have: NUL, and what is not UTF-8. */
function plainText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not UTF-8.
    return null
  }
}

/** POSIX printf knows `\ooo`. */
function octal(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += `\\${byte.toString(8).padStart(3, '0')}`
  return text
}

/** Within single quotes a POSIX shell leaves everything alone but the single quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function withoutFragment(url: URL): string {
  return url.hash === '' ? url.href : url.href.slice(0, -url.hash.length)
}
