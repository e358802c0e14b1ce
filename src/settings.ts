/**
 * What a call and a session may say (layer 3), and the one merge of it: call > prepared request >
 * session > environment. After this file nothing is optional and nothing is mutated.
 */
import { describe } from './bytes.ts'
import type { TimeLimits } from './deadline.ts'
import { hookList } from './hooks.ts'
import type { Hook, HookInput, VetoHook } from './hooks.ts'
import type { PoolSettings } from './ports.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import { retryFrom } from './retry.ts'
import type { Retry } from './retry.ts'
import type {
  AuthInput,
  CertInput,
  CookiesInput,
  CookieStore,
  Credentials,
  DataInput,
  FilesInput,
  HeadersInput,
  ParamsInput,
  ProgressListener,
  ProxiesInput,
  TimeoutInput,
  URLInput,
  VerifyInput,
} from './types.ts'

/** A hop about to be followed: a `redirect` hook that returns `false` ends the chain here. */
export interface RedirectEvent {
  readonly response: Response
  readonly from: string
  readonly to: string
  readonly method: string
}
/** A failed attempt about to be repeated after `delay` milliseconds. */
export interface RetryEvent {
  readonly attempt: number
  readonly delay: number
  readonly error: unknown
  readonly response: Response | null
}
export interface HooksInput {
  readonly request?: HookInput<Hook<PreparedRequest>> | undefined
  readonly redirect?: HookInput<VetoHook<RedirectEvent>> | undefined
  readonly retry?: HookInput<VetoHook<RetryEvent>> | undefined
  readonly response?: HookInput<Hook<Response>> | undefined
}

/** How a request is sent; the second half of a call's options. */
export interface SendOptions {
  /** `n` is `{connect: n, read: n}`; milliseconds; never a total. */
  readonly timeout?: TimeoutInput | undefined
  readonly allowRedirects?: boolean | undefined
  readonly maxRedirects?: number | undefined
  readonly proxies?: ProxiesInput | null | undefined
  /** `true`, the literal `false`, or the only authorities to trust: a path, PEM text or bytes. */
  readonly verify?: VerifyInput | undefined
  readonly cert?: CertInput | null | undefined
  /** The body is read when the caller asks for it, not before the promise resolves. */
  readonly stream?: boolean | undefined
  /** `false`: the coded bytes are handed over. */
  readonly decompress?: boolean | undefined
  readonly hooks?: HooksInput | null | undefined
  readonly signal?: AbortSignal | null | undefined
  readonly retries?: number | Retry | null | undefined
  /** Decoded bytes a buffered body may have; `null` lifts the limit. */
  readonly maxBytes?: number | null | undefined
  readonly credentials?: Credentials | undefined
  readonly raiseForStatus?: boolean | undefined
  readonly onUploadProgress?: ProgressListener | null | undefined
  readonly onDownloadProgress?: ProgressListener | null | undefined
  /** Hints for the native fetch, such as `mode` or `cache`. */
  readonly init?: Readonly<Record<string, unknown>> | undefined
}

/** What a request is made of; the first half of a call's options. */
export interface PrepareOptions {
  readonly params?: ParamsInput | null | undefined
  readonly headers?: HeadersInput | null | undefined
  readonly cookies?: CookiesInput | null | undefined
  readonly auth?: AuthInput | null | undefined
  /** Any value JSON has, `null` included; only `undefined` means no JSON. */
  readonly json?: unknown
  readonly data?: DataInput | undefined
  readonly files?: FilesInput | null | undefined
}

export interface RequestOptions extends PrepareOptions, SendOptions {}

export interface SessionInput extends Omit<
  SendOptions,
  'signal' | 'onUploadProgress' | 'onDownloadProgress'
> {
  readonly headers?: HeadersInput | null | undefined
  readonly cookies?: CookiesInput | null | undefined
  readonly auth?: AuthInput | null | undefined
  readonly params?: ParamsInput | null | undefined
  /** Environment variables for proxies, authorities and netrc are honoured. */
  readonly trustEnv?: boolean | undefined
  /** A directory that the path of each call is appended to. */
  readonly baseUrl?: URLInput | null | undefined
  readonly allowAbsoluteUrls?: boolean | undefined
  /** Header names that never leave the origin, besides the well-known ones. */
  readonly secretHeaders?: readonly string[] | undefined
  readonly pool?: PoolSettings | null | undefined
  readonly http2?: boolean | undefined
  /** `false`: options that a runtime cannot honour are listed in `response.degraded` instead of
   *  thrown; those of TLS, proxies and redirects throw all the same. */
  readonly strict?: boolean | undefined
}

export interface HookLists {
  readonly request: readonly Hook<PreparedRequest>[]
  readonly redirect: readonly VetoHook<RedirectEvent>[]
  readonly retry: readonly VetoHook<RetryEvent>[]
  readonly response: readonly Hook<Response>[]
}

/** Complete: how one call is sent. */
export interface SendSettings {
  readonly timeout: TimeLimits
  readonly allowRedirects: boolean
  readonly maxRedirects: number
  readonly proxies: Readonly<Record<string, string | null>>
  readonly verify: VerifyInput
  readonly cert: CertInput | null
  readonly stream: boolean
  readonly decompress: boolean
  readonly hooks: HookLists
  readonly signal: AbortSignal | null
  readonly retries: Retry
  readonly maxBytes: number
  readonly credentials: Credentials | null
  readonly raiseForStatus: boolean
  readonly onUploadProgress: ProgressListener | null
  readonly onDownloadProgress: ProgressListener | null
  readonly init: Readonly<Record<string, unknown>>
  readonly secretHeaders: readonly string[]
  readonly strict: boolean
  /** Options the caller or the session set, as opposed to our defaults and the environment. */
  readonly explicit: ReadonlySet<string>
}

/** What the session contributes to one call. */
export interface SessionDefaults extends SessionInput {
  readonly cookies: CookieStore
}

const CONNECT_MS = 10_000
const READ_MS = 60_000
const MAX_REDIRECTS = 30
const MAX_BYTES = 104_857_600
const LONGEST_MS = 2_147_483_647

/** Call over session over our defaults. `environment` holds what the environment would add. */
export function mergeSettings(
  call: SendOptions,
  session: Omit<SessionInput, 'cookies'>,
  environment: Pick<SendOptions, 'proxies' | 'verify'> = {},
): SendSettings {
  const pick = <K extends keyof SendOptions & keyof SessionInput>(key: K): SendOptions[K] =>
    own(call, key) ?? (own(call, key) === null ? own(call, key) : own(session, key))
  const explicit = new Set([...explicitKeys(call), ...explicitKeys(session)])
  return {
    timeout: timeLimits(own(call, 'timeout'), own(session, 'timeout')),
    allowRedirects: pick('allowRedirects') ?? true,
    maxRedirects: count('maxRedirects', pick('maxRedirects') ?? MAX_REDIRECTS),
    proxies: mergeProxies(own(call, 'proxies'), own(session, 'proxies'), environment.proxies),
    verify: checkVerify(pick('verify') ?? environment.verify ?? true),
    cert: pick('cert') ?? null,
    stream: pick('stream') ?? false,
    decompress: pick('decompress') ?? true,
    hooks: mergeHooks(own(session, 'hooks'), own(call, 'hooks')),
    signal: own(call, 'signal') ?? null,
    retries: retryFrom(pick('retries')),
    maxBytes: byteLimit(own(call, 'maxBytes'), own(session, 'maxBytes')),
    credentials: pick('credentials') ?? null,
    raiseForStatus: pick('raiseForStatus') ?? false,
    onUploadProgress: own(call, 'onUploadProgress') ?? null,
    onDownloadProgress: own(call, 'onDownloadProgress') ?? null,
    init: { ...own(session, 'init'), ...own(call, 'init') },
    secretHeaders: (own(session, 'secretHeaders') ?? []).map((name) => name.toLowerCase()),
    strict: own(session, 'strict') ?? true,
    explicit,
  }
}

/** An own property, so that a polluted `Object.prototype` sets no option. */
export function own<T extends object, K extends keyof T>(options: T, key: K): T[K] | undefined {
  return Object.hasOwn(options, key) ? options[key] : undefined
}

function explicitKeys(options: object): string[] {
  return Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [key]))
}

function timeLimits(call: TimeoutInput | undefined, session: TimeoutInput | undefined): TimeLimits {
  const layers = [call, session].map(timeoutParts)
  const find = (key: 'connect' | 'read' | 'total'): number | null | undefined =>
    layers.map((layer) => layer[key]).find((value) => value !== undefined)
  const read = find('read')
  return {
    connect: milliseconds('timeout.connect', find('connect'), CONNECT_MS),
    read: milliseconds('timeout.read', read, READ_MS),
    total: milliseconds('timeout.total', find('total'), null),
    readIsExplicit: read !== undefined,
  }
}

function timeoutParts(
  input: TimeoutInput | undefined,
): Partial<Record<'connect' | 'read' | 'total', number | null | undefined>> {
  if (input === undefined) return {}
  if (input === null) return { connect: null, read: null, total: null }
  if (typeof input === 'number') return { connect: input, read: input }
  if (typeof input === 'object') return { ...input }
  throw new TypeError(
    `timeout must be a number of milliseconds, {connect, read, total} or null, not ${describe(input)}.`,
  )
}

function milliseconds(
  name: string,
  value: number | null | undefined,
  otherwise: number | null,
): number | null {
  if (value === undefined) return otherwise
  if (value === null || value === Infinity) return null
  if (typeof value === 'number' && value > 0 && value <= LONGEST_MS) return value
  throw new TypeError(
    `${name} must be between 0 and ${String(LONGEST_MS)} milliseconds, or null for no limit, not ${String(value)}.`,
  )
}

function count(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= LONGEST_MS) return value
  throw new TypeError(`${name} must be a whole number of at least 0, not ${String(value)}.`)
}

function byteLimit(call: number | null | undefined, session: number | null | undefined): number {
  const value = call === undefined ? session : call
  if (value === undefined) return MAX_BYTES
  if (value === null || value === Infinity) return Infinity
  if (Number.isInteger(value) && value >= 0) return value
  throw new TypeError(
    `maxBytes must be a whole number of bytes, or null for no limit, not ${String(value)}.`,
  )
}

/** Only the literal `false` switches verification off. */
function checkVerify(verify: unknown): VerifyInput {
  if (verify === true || verify === false || verify instanceof Uint8Array) return verify
  if (typeof verify === 'string' && verify !== '') return verify
  throw new TypeError(
    `verify must be true, false, a path or PEM text, or PEM bytes, not ${verify === 0 ? '0' : describe(verify)}.`,
  )
}

function mergeProxies(
  call: ProxiesInput | null | undefined,
  session: ProxiesInput | null | undefined,
  environment: ProxiesInput | null | undefined,
): Record<string, string | null> {
  const merged: Record<string, string | null> = Object.create(null) as Record<string, string | null>
  for (const layer of [environment, session, call]) {
    if (layer === null) for (const key of Object.keys(merged)) delete merged[key]
    for (const [scheme, proxy] of Object.entries(layer ?? {})) {
      if (proxy !== undefined) merged[scheme.toLowerCase()] = proxy
    }
  }
  return merged
}

function mergeHooks(
  session: HooksInput | null | undefined,
  call: HooksInput | null | undefined,
): HookLists {
  const both = <K extends keyof HooksInput>(key: K): readonly never[] =>
    // The key decides the type of the list, which a union of keys cannot say.
    (call === null
      ? []
      : [...hookList<unknown>(session?.[key]), ...hookList<unknown>(call?.[key])]) as never[]
  return {
    request: both('request'),
    redirect: both('redirect'),
    retry: both('retry'),
    response: both('response'),
  }
}
