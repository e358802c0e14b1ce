/**
 * The one merge of what a call and a session say (layer 4): call > prepared request > session >
 * environment. After this file nothing is optional and nothing is mutated.
 */
import { viewBytes } from './as-bytes.ts'
import { describe } from './bytes.ts'
import type { TimeLimits } from './deadline-limits.ts'
import { hookList } from './hooks.ts'
import type { AnyHooks } from './hooks.ts'
import { checkNames } from './known-names.ts'
import type { HookLists, SendOptions, SendSettings, SessionInput } from './options.ts'
import { own } from './own.ts'
import { DEFAULTS } from './settings-defaults.ts'
import type { ProxiesInput, TimeoutInput, VerifyInput } from './types.ts'

export { own } from './own.ts'
export type {
  HookLists,
  HooksInput,
  PrepareOptions,
  RedirectEvent,
  RequestInput,
  RequestOptions,
  RetryEvent,
  SendOptions,
  SendSettings,
  SessionInput,
} from './options.ts'

const MAX_REDIRECTS = 30
const LONGEST_MS = 2_147_483_647

export type SessionSays = Omit<SessionInput, 'headers' | 'cookies' | 'baseUrl'>

/** Call over session over our defaults. `environment` holds what the environment would add,
 *  `prepared` the hooks of the prepared request. */
export function mergeSettings(
  call: SendOptions,
  session: SessionSays,
  environment: Pick<SendOptions, 'proxies' | 'verify'> = {},
  prepared?: AnyHooks | null,
): SendSettings {
  known ??= merge({}, {}, {}, undefined)
  checkNames('option', call, known, isContent)
  return merge(call, session, environment, prepared)
}

/** With a member for each option that says how a call is sent. */
let known: SendSettings | null = null

function merge(
  call: SendOptions,
  session: SessionSays,
  environment: Pick<SendOptions, 'proxies' | 'verify'>,
  prepared: AnyHooks | null | undefined,
): SendSettings {
  const pick = <K extends keyof SendOptions & keyof SessionInput>(key: K): SendOptions[K] =>
    own(call, key) ?? (own(call, key) === null ? own(call, key) : own(session, key))
  const explicit = new Set<string>()
  addExplicit(explicit, call)
  addExplicit(explicit, session)
  return {
    timeout: timeLimits(own(call, 'timeout'), own(session, 'timeout')),
    allowRedirects: pick('allowRedirects') ?? true,
    maxRedirects: count('maxRedirects', pick('maxRedirects') ?? MAX_REDIRECTS),
    ...mergeProxies(own(call, 'proxies'), own(session, 'proxies'), own(environment, 'proxies')),
    verify: verifyFrom(call, session, environment),
    cert: pick('cert') ?? null,
    stream: pick('stream') ?? false,
    decompress: pick('decompress') ?? true,
    hooks: mergeHooks(own(session, 'hooks'), prepared, own(call, 'hooks')),
    signal: own(call, 'signal') ?? null,
    retries: pick('retries') ?? null,
    maxBytes: byteLimit(own(call, 'maxBytes'), own(session, 'maxBytes')),
    credentials: pick('credentials') ?? null,
    redirectSecrets: orError('redirectSecrets', 'engine', pick('redirectSecrets')),
    redirectBodies: orError('redirectBodies', 'follow', pick('redirectBodies')),
    raiseForStatus: pick('raiseForStatus') ?? false,
    compress: checkCompress(pick('compress') ?? null),
    bufferUpload: bufferLimit(pick('bufferUpload') ?? 0),
    onUploadProgress: own(call, 'onUploadProgress') ?? null,
    onDownloadProgress: own(call, 'onDownloadProgress') ?? null,
    init: { ...own(session, 'init'), ...own(call, 'init') },
    secretHeaders: secretNames(own(session, 'secretHeaders'), own(call, 'secretHeaders')),
    strict: own(session, 'strict') ?? true,
    explicit,
  }
}

const CONTENT: readonly string[] = ['params', 'headers', 'cookies', 'auth', 'json', 'data', 'files']

/** The options that say what is sent, and nothing about how. */
export function isContent(name: string): boolean {
  return CONTENT.includes(name)
}

/** Names of a session's members too, some of which are hidden from logs. */
function addExplicit(names: Set<string>, options: object): void {
  for (const name of Object.getOwnPropertyNames(options)) {
    if (Reflect.get(options, name) !== undefined) names.add(name)
  }
}

const NONE: readonly never[] = []

export function timeLimits(
  call: TimeoutInput | undefined,
  session: TimeoutInput | undefined,
): TimeLimits {
  const first = timeoutParts(call)
  const second = timeoutParts(session)
  // Not `??`: null is no limit.
  const connect = first.connect === undefined ? second.connect : first.connect
  const read = first.read === undefined ? second.read : first.read
  const total = first.total === undefined ? second.total : first.total
  return {
    connect: milliseconds('timeout.connect', connect, DEFAULTS.timeout.connect),
    read: milliseconds('timeout.read', read, DEFAULTS.timeout.read),
    total: milliseconds('timeout.total', total, null),
    readIsExplicit: read !== undefined && read !== null,
  }
}

type TimeoutParts = Readonly<Record<'connect' | 'read' | 'total', number | null | undefined>>

const UNSAID: TimeoutParts = { connect: undefined, read: undefined, total: undefined }

function timeoutParts(input: TimeoutInput | undefined): TimeoutParts {
  if (input === undefined) return UNSAID
  if (input === null) return { connect: null, read: null, total: null }
  if (typeof input === 'number') return { connect: input, read: input, total: undefined }
  if (typeof input === 'object') {
    checkNames('timeout', input, UNSAID)
    return {
      connect: own(input, 'connect'),
      read: own(input, 'read'),
      total: own(input, 'total'),
    }
  }
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
  if (value === undefined) return DEFAULTS.maxBytes
  if (value === null || value === Infinity) return Infinity
  if (Number.isInteger(value) && value >= 0) return value
  throw new TypeError(
    `maxBytes must be a whole number of bytes, or null for no limit, not ${String(value)}.`,
  )
}

function orError<T extends string>(name: string, usual: T, said: unknown): T | 'error' {
  if (said === undefined || said === null || said === usual) return usual
  if (said === 'error') return said
  throw new TypeError(`${name} must be '${usual}' or 'error', not ${describe(said)}.`)
}

function checkCompress(compress: unknown): 'gzip' | null {
  if (compress === 'gzip' || compress === null) return compress
  throw new TypeError(`compress must be 'gzip' or null, not ${describe(compress)}.`)
}

function bufferLimit(value: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= 0)) return value
  throw new TypeError(`bufferUpload must be a whole number of bytes, not ${String(value)}.`)
}

/** Both lists count: a call can keep more names at home, never fewer. */
function secretNames(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  if (lists.every((list) => list === undefined)) return NONE
  return lists.flatMap((list) => (list ?? []).map((name) => name.toLowerCase()))
}

/** Only the literal `false` switches verification off, so `null` is no way to say so. */
function verifyFrom(...layers: readonly Pick<SendOptions, 'verify'>[]): VerifyInput {
  const said = layers.map((layer) => own(layer, 'verify')).find((each) => each !== undefined)
  return checkVerify(said === undefined ? true : said)
}

function checkVerify(verify: unknown): VerifyInput {
  if (verify === true || verify === false) return verify
  if (ArrayBuffer.isView(verify)) return viewBytes(verify)
  if (typeof verify === 'string' && verify !== '') return verify
  throw new TypeError(
    `verify must be true, false, a path or PEM text, or PEM bytes, not ${verify === 0 ? '0' : describe(verify)}.`,
  )
}

/** Two tables, since no variable of the environment may overrule what was said explicitly. */
function mergeProxies(
  call: ProxiesInput | null | undefined,
  session: ProxiesInput | null | undefined,
  environment: ProxiesInput | null | undefined,
): Pick<SendSettings, 'proxies' | 'environmentProxies'> {
  const layers = call === null ? [] : session === null ? [call] : [session, call]
  return {
    proxies: proxyTable(layers),
    environmentProxies: proxyTable(call === null || session === null ? [] : [environment]),
  }
}

function proxyTable(layers: readonly (ProxiesInput | null | undefined)[]): ProxyTable {
  // No prototype: the schemes are looked up by names that come from URLs.
  const table = Object.create(null) as Record<string, string | null>
  for (const layer of layers) {
    if (layer !== undefined && typeof layer !== 'object') {
      throw new TypeError(`proxies must be an object or null, not ${describe(layer)}.`)
    }
    for (const [scheme, proxy] of Object.entries(layer ?? {})) {
      if (proxy !== undefined) table[scheme.toLowerCase()] = proxy
    }
  }
  return table
}

type ProxyTable = SendSettings['proxies']

const NO_HOOKS: HookLists = { request: NONE, redirect: NONE, retry: NONE, response: NONE }

/** The session's first; `null` switches off what stands before it. */
export function mergeHooks(...layers: readonly (AnyHooks | null | undefined)[]): HookLists {
  if (layers.every((layer) => layer === undefined)) return NO_HOOKS
  const heard = layers.slice(layers.lastIndexOf(null) + 1)
  for (const layer of heard) if (layer) checkNames('hook', layer, NO_HOOKS)
  const all = (key: keyof AnyHooks): readonly never[] =>
    // The key decides the type of the list, which a union of keys cannot say.
    heard.flatMap((layer) => hookList<unknown>(layer && own(layer, key))) as never[]
  return {
    request: all('request'),
    redirect: all('redirect'),
    retry: all('retry'),
    response: all('response'),
  }
}
