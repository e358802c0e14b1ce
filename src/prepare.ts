/**
 * Step 2 of 6: merges what the call and the session say into a request that is complete.
 * Synchronous and pure: nothing is sent, opened or read.
 */
import { BasicAuth } from './auth/basic.ts'
import { authFrom } from './auth/from-input.ts'
import { encodeBody } from './body/from-input.ts'
import { findHeader, mergeHeaders } from './headers.ts'
import type { HeaderPair, HeaderPairs } from './ports.ts'
import { PreparedRequest } from './prepared-request.ts'
import { own } from './settings.ts'
import type { PrepareOptions, SessionInput } from './settings.ts'
import type { Auth, AuthInput, ParamsInput, URLInput } from './types.ts'
import { appendParams, resolveURL, takeUserInfo } from './url.ts'
import type { BaseURL } from './url.ts'

export interface PrepareDefaults {
  readonly base: BaseURL | null
  readonly session: Pick<SessionInput, 'auth' | 'params'> & { readonly headers?: HeaderPairs }
}

const NO_BASE: BaseURL = { baseUrl: null, allowAbsoluteUrls: true, page: null }

/** @throws InvalidURLError, InvalidHeaderError, TypeError */
export function prepareRequest(
  method: string,
  input: URLInput,
  options: PrepareOptions,
  defaults: PrepareDefaults,
): PreparedRequest {
  const { session } = defaults
  const base = defaults.base ?? NO_BASE
  const url = resolveURL(input, base)
  const userInfo = takeUserInfo(url)
  // Even where leaving baseUrl is allowed, what is secret about the session stays at home.
  const abroad = base.baseUrl !== null && url.origin !== base.baseUrl.origin
  for (const params of paramLayers(own(options, 'params'), own(session, 'params'))) {
    appendParams(url, params)
  }
  const given = own(options, 'headers')
  const inherited = session.headers ?? []
  const headers = mergeHeaders(abroad ? withoutSecrets(inherited) : inherited, given)
  const { source, contentType } = encodeBody({
    data: own(options, 'data'),
    json: own(options, 'json'),
    files: own(options, 'files'),
  })
  if (
    contentType !== null &&
    findHeader(headers, 'content-type') === null &&
    !removes(given, 'content-type')
  ) {
    headers.push(['Content-Type', contentType])
  }
  return new PreparedRequest({
    method,
    url,
    headers,
    body: source,
    auth: chooseAuth(own(options, 'auth'), userInfo, given, abroad ? null : own(session, 'auth')),
    cookies: own(options, 'cookies') ?? null,
  })
}

/** Call, then the URL's user-info; a header of the call beats the session's auth. */
function chooseAuth(
  call: AuthInput | null | undefined,
  userInfo: readonly [string, string] | null,
  headers: PrepareOptions['headers'],
  session: AuthInput | null | undefined,
): Auth | null {
  if (call !== undefined) return authFrom(call)
  if (userInfo !== null) return new BasicAuth(userInfo[0], userInfo[1])
  const named =
    headers !== undefined && headers !== null && names(headers).includes('authorization')
  return named ? null : authFrom(session ?? null)
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

const SECRET = /^(?:authorization|proxy-authorization|cookie|x-api-key|api-key|x-auth-token)$/i

function withoutSecrets(headers: HeaderPairs): HeaderPair[] {
  return headers.filter(([name]) => !SECRET.test(name))
}
