/**
 * Step 2 of 6: merges what the call and the session say into a request that is complete.
 * Synchronous and pure: nothing is sent, opened or read.
 */
import { BasicAuth } from './auth/basic.ts'
import { authFrom } from './auth/from-input.ts'
import type { BodyInput, EncodedBody } from './body/from-input.ts'
import { checkMultipartType } from './body/multipart-type.ts'
import { checkValue, findHeader } from './headers.ts'
import { mergeHeaders } from './merge-headers.ts'
import { own } from './own.ts'
import type { BodySource, HeaderPair, HeaderPairs, Platform } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import { isSecretName } from './secret-headers.ts'
import { withoutSecretHeaders } from './leave-secrets.ts'
import type { PrepareOptions, SessionInput } from './settings.ts'
import type { Auth, AuthInput, ParamsInput, URLInput } from './types.ts'
import { appendParams, originOf, resolveURL, takeUserInfo } from './url.ts'
import type { BaseURL } from './url.ts'

export interface PrepareDefaults {
  readonly base: BaseURL | null
  readonly session: Pick<SessionInput, 'auth' | 'params' | 'secretHeaders'> & {
    readonly headers?: HeaderPairs
  }
  /** Only where the environment is trusted and has one. */
  readonly netrc?: Platform['netrc']
}

const NO_BASE: BaseURL = { baseUrl: null, allowAbsoluteUrls: true, page: null }

/** Handed in, since a call without a body has no need of all that makes one; null: there is none. */
export type BodyEncoder = (input: BodyInput) => EncodedBody

export interface Asked {
  readonly method: string
  readonly url: URLInput
  readonly options: PrepareOptions
}

/** @throws InvalidURLError, InvalidHeaderError, TypeError */
export function prepareParts(
  { method, url: input, options }: Asked,
  defaults: PrepareDefaults,
  encode: BodyEncoder | null,
): PreparedInit {
  const { session } = defaults
  const base = defaults.base ?? NO_BASE
  const url = resolveURL(input, base)
  const userInfo = takeUserInfo(url)
  // Even where leaving baseUrl is allowed, what is secret about the session stays at home.
  const abroad = base.baseUrl !== null && originOf(url) !== originOf(base.baseUrl)
  const ownParams = own(session, 'params')
  addParams(url, own(options, 'params'), abroad ? withoutSecretParams(ownParams) : ownParams)
  const given = own(options, 'headers')
  const inherited = session.headers ?? []
  const headers = mergeHeaders(
    abroad ? withoutSecretHeaders(inherited, own(session, 'secretHeaders')) : inherited,
    given,
  )
  const body = encode === null ? null : prepareBody(options, headers, encode)
  return {
    method,
    url,
    headers,
    body,
    auth: chooseAuth({
      call: own(options, 'auth'),
      userInfo,
      given,
      session: abroad ? undefined : own(session, 'auth'),
      netrc: () => (hasAuthorization(headers) ? null : fromNetrc(url, defaults.netrc)),
    }),
    cookies: own(options, 'cookies') ?? null,
    secretHeaders: own(session, 'secretHeaders'),
  }
}

/** Adds the type of the body, unless there is one or the caller wants none. */
function prepareBody(
  options: PrepareOptions,
  headers: HeaderPair[],
  encode: BodyEncoder,
): BodySource | null {
  const { source, contentType } = encode({
    data: own(options, 'data'),
    json: own(options, 'json'),
    files: own(options, 'files'),
  })
  if (contentType === null) return source
  const ownType = findHeader(headers, 'content-type')
  if (ownType !== null) checkMultipartType(ownType, contentType)
  else if (!removes(own(options, 'headers'), 'content-type')) {
    headers.push(['Content-Type', checkValue('Content-Type', contentType)])
  }
  return source
}

interface AuthSources {
  readonly call: AuthInput | null | undefined
  readonly userInfo: readonly [string, string] | null
  /** The headers of the call. */
  readonly given: PrepareOptions['headers']
  readonly session: AuthInput | null | undefined
  readonly netrc: () => Auth | null
}

/** Call, then the URL's user-info; a header of the call beats the session's auth; netrc comes last
 *  and only where nothing else was said (guarantee: explicit beats environment). */
function chooseAuth({ call, userInfo, given, session, netrc }: AuthSources): Auth | null {
  if (call !== undefined) return authFrom(call)
  if (userInfo !== null) return new BasicAuth(userInfo[0], userInfo[1])
  if (given !== undefined && given !== null && names(given).includes('authorization')) return null
  return session === undefined ? netrc() : authFrom(session)
}

/** The host comes from the very URL that the request goes to (CVE-2024-47081). */
function fromNetrc(url: URL, netrc: Platform['netrc']): Auth | null {
  if (netrc === undefined) return null
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

/** A name that the call gives replaces the session's values of that name; null removes it. */
function paramLayers(
  call: ParamsInput | null | undefined,
  session: ParamsInput | null | undefined,
): (ParamsInput | null | undefined)[] {
  if (call === null) return []
  if (session === undefined || session === null || typeof session === 'string')
    return [session, call]
  if (call === undefined || typeof call === 'string') return [session, call]
  const replaced = new Set(pairs(call).map(([name]) => name))
  return [pairs(session).filter(([name]) => !replaced.has(name)), call]
}

function pairs(params: Exclude<ParamsInput, string>): (readonly [string, never])[] {
  // The values are only handed on to `appendParams`, which checks them.
  const list = Symbol.iterator in params ? [...params] : Object.entries(params)
  return list as unknown as (readonly [string, never])[]
}

function names(headers: NonNullable<PrepareOptions['headers']>): string[] {
  const list = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return list.map(([name]) => name.toLowerCase())
}

/** `{'Content-Type': null}`: the caller wants none. */
function removes(headers: PrepareOptions['headers'], lower: string): boolean {
  return headers !== undefined && headers !== null && names(headers).includes(lower)
}
