/**
 * Step 2 of 6: merges what the call and the session say into a request that is complete.
 * Synchronous and pure: nothing is sent, opened or read.
 */
import { BasicAuth } from './auth/basic.ts'
import { authFrom } from './auth/from-input.ts'
import type { BodyInput, EncodedBody } from './body/from-input.ts'
import { checkMultipartType } from './body/multipart-type.ts'
import { findHeader, isNamed } from './header-list.ts'
import { checkValue, headerEntries } from './headers.ts'
import { mergeCallHeaders } from './merge-headers.ts'
import { own } from './own.ts'
import type { HeaderPairs, Platform } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import { isSecretName } from './secret-headers.ts'
import { withoutSecretHeaders } from './leave-secrets.ts'
import type { PrepareOptions } from './settings.ts'
import type { Auth, AuthInput, ParamsInput, URLInput } from './types.ts'
import { appendParams, originOf, resolveURL, takeUserInfo } from './url.ts'
import type { BaseURL } from './url.ts'

/** What a session says; every member is there and its own. */
export interface PrepareDefaults extends BaseURL {
  readonly headers: HeaderPairs
  readonly auth: AuthInput | null | undefined
  readonly params: ParamsInput | null | undefined
  readonly secretHeaders: readonly string[] | undefined
  /** Only where the environment is trusted and has one. */
  readonly netrc: Platform['netrc'] | undefined
  /** Handed in, since a call without a body has no need of all that makes one. */
  readonly encode: BodyEncoder | null
}

export type BodyEncoder = (input: BodyInput) => EncodedBody

/** @throws InvalidURLError, InvalidHeaderError, TypeError */
export function prepareParts(
  method: string,
  input: URLInput,
  options: PrepareOptions,
  defaults: PrepareDefaults,
): PreparedInit {
  const { baseUrl, params, secretHeaders } = defaults
  const url = resolveURL(input, defaults)
  const userInfo = takeUserInfo(url)
  // Even where leaving baseUrl is allowed, what is secret about the session stays at home.
  const abroad = baseUrl !== null && originOf(url) !== originOf(baseUrl)
  addParams(url, own(options, 'params'), abroad ? withoutSecretParams(params) : params)
  const inherited = defaults.headers
  const said = own(options, 'headers')
  // An iterator gives its pairs but once, and they are looked at several times.
  const given = isIterable(said) ? [...headerEntries(said)] : said
  const merged = mergeCallHeaders(
    abroad ? withoutSecretHeaders(inherited, secretHeaders) : inherited,
    given,
  )
  const body = prepareBody(options, defaults.encode)
  const headers = body === null ? merged : withType(merged, body.contentType, given)
  const auth = callAuth(options, given, userInfo)
  return {
    method,
    url,
    headers,
    body: body === null ? null : body.source,
    auth: auth === undefined ? usualAuth(url, headers, abroad, defaults) : auth,
    cookies: own(options, 'cookies') ?? null,
    hooks: undefined,
    secretHeaders,
  }
}

/** Whether a call says anything that could become a body. */
export function hasBody(options: PrepareOptions): boolean {
  return (
    own(options, 'json') !== undefined ||
    (own(options, 'data') ?? null) !== null ||
    (own(options, 'files') ?? null) !== null
  )
}

function prepareBody(options: PrepareOptions, encode: BodyEncoder | null): EncodedBody | null {
  if (encode === null || !hasBody(options)) return null
  return encode({
    data: own(options, 'data'),
    json: own(options, 'json'),
    files: own(options, 'files'),
  })
}

/** Adds the type of the body, unless there is one or the caller wants none. */
function withType(headers: HeaderPairs, contentType: string | null, given: Given): HeaderPairs {
  if (contentType === null) return headers
  const ownType = findHeader(headers, 'content-type')
  if (ownType !== null) checkMultipartType(ownType, contentType)
  else if (!namesOne(given, 'content-type')) {
    return typed(headers, contentType)
  }
  return headers
}

function typed(headers: HeaderPairs, type: string): HeaderPairs {
  if (last.headers !== headers || last.type !== type) {
    const field = ['Content-Type', checkValue('Content-Type', type)] as const
    // Its boundary comes but once: nothing to keep, and to freeze a list takes Bun 0.6 µs.
    if (type.startsWith('multipart/')) return [...headers, field]
    last = { headers, type, all: Object.freeze([...headers, field]) }
  }
  return last.all
}

/** Most bodies of a session have the type of the one before: one list for them is known further down
 *  to those who are given it. */
let last: Record<'headers' | 'all', HeaderPairs> & { type: string } = {
  headers: [],
  type: '',
  all: [],
}

/** Call, then the URL's user-info; a header of the call beats what comes after. Undefined where none
 *  of them says anything. */
function callAuth(
  options: PrepareOptions,
  given: Given,
  userInfo: readonly [string, string] | null,
): Auth | null | undefined {
  const said = own(options, 'auth')
  if (said !== undefined) return authFrom(said)
  if (userInfo !== null) return new BasicAuth(userInfo[0], userInfo[1])
  return namesOne(given, 'authorization') ? null : undefined
}

/** The session, and netrc last, only where nothing else was said (guarantee: explicit beats
 *  environment). */
function usualAuth(
  url: URL,
  headers: HeaderPairs,
  abroad: boolean,
  { auth, netrc }: PrepareDefaults,
): Auth | null {
  if (auth !== undefined && !abroad) return authFrom(auth)
  if (netrc === undefined || hasAuthorization(headers)) return null
  return fromNetrc(url, netrc)
}

/** The host comes from the very URL that the request goes to (CVE-2024-47081). */
function fromNetrc(url: URL, netrc: NonNullable<Platform['netrc']>): Auth | null {
  const { hostname } = url
  const entry = netrc(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname)
  return entry === null ? null : new BasicAuth(entry[0], entry[1])
}

function hasAuthorization(headers: HeaderPairs): boolean {
  return findHeader(headers, 'authorization') !== null
}

/** By their names, as in logs. */
function withoutSecretParams(params: ParamsInput | null | undefined): typeof params {
  if (params === undefined || params === null) return params
  if (typeof params === 'string') return [...new URLSearchParams(params)].filter(isPlain)
  return pairs(params).filter(isPlain)
}

function isPlain([name]: readonly [string, unknown]): boolean {
  return !isSecretName(name)
}

function addParams(
  url: URL,
  call: ParamsInput | null | undefined,
  session: ParamsInput | null | undefined,
): void {
  if (call === undefined && session === undefined) return
  for (const params of paramLayers(call, session)) appendParams(url, params)
}

/** A name that the call gives replaces the session's values of that name; null removes it, undefined
 *  says nothing. */
function paramLayers(
  call: ParamsInput | null | undefined,
  session: ParamsInput | null | undefined,
): (ParamsInput | null | undefined)[] {
  if (call === null) return []
  if (session === undefined || session === null || typeof session === 'string')
    return [session, call]
  if (call === undefined || typeof call === 'string') return [session, call]
  // Listed once: what iterates but once would be empty when it is added.
  const given = pairs(call)
  const replaced = new Set(given.map(([name, value]) => (value === undefined ? null : name)))
  return [pairs(session).filter(([name]) => !replaced.has(name)), given]
}

function pairs(params: Exclude<ParamsInput, string>): (readonly [string, never])[] {
  // The values are only handed on to `appendParams`, which checks them.
  const list = Symbol.iterator in params ? [...params] : Object.entries(params)
  return list as unknown as (readonly [string, never])[]
}

type Given = PrepareOptions['headers']

function isIterable(headers: Given): headers is Extract<Given, Iterable<unknown>> {
  return typeof headers === 'object' && headers !== null && Symbol.iterator in headers
}

/** Given by the caller, be it with `null` to have none; `undefined` says nothing. */
function namesOne(headers: Given, lower: string): boolean {
  if (headers === undefined || headers === null) return false
  if (isIterable(headers)) {
    for (const [name, value] of headers)
      if (value !== undefined && isNamed(name, lower)) return true
    return false
  }
  return Object.keys(headers).some((name) => isNamed(name, lower) && headers[name] !== undefined)
}
