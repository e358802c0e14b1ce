/**
 * What a call and a session may say, and what becomes of it (layer 4): types alone. `undefined`
 * inherits, `null` switches off.
 */
import type { TimeLimits } from './deadline-limits.ts'
import type { Hook, HookInput, VetoHook } from './hooks.ts'
import type { PoolSettings } from './ports.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import type { Retry } from './retry.ts'
import type {
  AuthInput,
  CertInput,
  CookiesInput,
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
  /** Header names that never leave the origin and are hidden in logs, besides the well-known ones. */
  readonly secretHeaders?: readonly string[] | undefined
  /** Where the engine follows redirects by itself (browsers) it may carry credentials to another
   *  origin, as Chromium does with Authorization. `error`: a request with any is not redirected. */
  readonly redirectSecrets?: 'engine' | 'error' | undefined
  /** A 307 or 308 sends the body again, to another origin too, as Fetch has it. `error`: there it is
   *  a RequestError with code REDIRECT_BODY. */
  readonly redirectBodies?: 'follow' | 'error' | undefined
  readonly raiseForStatus?: boolean | undefined
  /** Compresses the body on its way out and says so in Content-Encoding; off unless asked for, since
   *  a server has to know it. */
  readonly compress?: 'gzip' | null | undefined
  /** Bytes of a stream that may be collected where the runtime cannot send one (browsers). */
  readonly bufferUpload?: number | null | undefined
  /** In browsers an XMLHttpRequest carries the upload then, which costs a preflight across origins. */
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

/** What `new Request()` takes: how it is sent is said to `session.send`. */
export interface RequestInput extends PrepareOptions, Pick<SendOptions, 'hooks'> {}

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
  /** Asked only where `proxies` has no entry for a URL. */
  readonly environmentProxies: Readonly<Record<string, string | null>>
  readonly verify: VerifyInput
  readonly cert: CertInput | null
  readonly stream: boolean
  readonly decompress: boolean
  readonly hooks: HookLists
  readonly signal: AbortSignal | null
  /** Checked and completed when the call begins: most have none. */
  readonly retries: number | Retry | null
  readonly maxBytes: number
  readonly credentials: Credentials | null
  readonly redirectSecrets: 'engine' | 'error'
  readonly redirectBodies: 'follow' | 'error'
  readonly raiseForStatus: boolean
  readonly compress: 'gzip' | null
  /** 0: a stream that cannot be sent is refused. */
  readonly bufferUpload: number
  readonly onUploadProgress: ProgressListener | null
  readonly onDownloadProgress: ProgressListener | null
  readonly init: Readonly<Record<string, unknown>>
  readonly secretHeaders: readonly string[]
  readonly strict: boolean
  /** Options the caller or the session set, as opposed to our defaults and the environment. */
  readonly explicit: ReadonlySet<string>
}
