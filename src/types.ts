/**
 * What a caller may pass (layer 0): wide types at the door, one narrow type inside. Everywhere,
 * `undefined` inherits and `null` switches off.
 */
import type { BodySource } from './body-port.ts'

export type URLInput = string | URL

export type Credentials = 'omit' | 'same-origin' | 'include'
export type RedirectPolicy = 'follow' | 'manual' | 'error'

/** `null` removes a header that a session or a default would add. */
export type HeadersInput =
  | Readonly<Record<string, string | number | null | undefined>>
  | Iterable<readonly [name: string, value: string | number | null | undefined]>

export type Primitive = string | number | boolean | bigint
export type ParamValue = Primitive | null | undefined
export type ParamsInput =
  | string
  | URLSearchParams
  | Readonly<Record<string, ParamValue | readonly ParamValue[]>>
  | Iterable<readonly [name: string, value: ParamValue | readonly ParamValue[]]>

/** Values may be lists; `null` and `undefined` are left out. */
export type FormInput =
  | Readonly<Record<string, ParamValue | readonly ParamValue[]>>
  | readonly (readonly [name: string, value: ParamValue | readonly ParamValue[]])[]

export type BytesInput = string | ArrayBuffer | ArrayBufferView
export type ChunkInput = string | ArrayBuffer | ArrayBufferView
/** A stream one property away: `Deno.FsFile`, a Response, an R2 object, Node's FileHandle. */
export type StreamHolder =
  | { readonly readable: ReadableStream<Uint8Array> }
  | { readonly body: ReadableStream<Uint8Array> | null }
  | { createReadStream(options: { autoClose: boolean }): AsyncIterable<unknown> }
/** A body, or one file of a multipart body. */
export type ContentInput =
  | BytesInput
  | Blob
  | URLSearchParams
  | FormData
  | BodySource
  | ReadableStream<ChunkInput>
  | AsyncIterable<ChunkInput>
  | Iterable<ChunkInput>
  | StreamHolder
/** `data`; a function is called once per attempt, which makes a stream replayable. */
export type DataInput = ContentInput | FormInput | (() => Content | Promise<Content>) | null
type Content = ContentInput | FormInput

/** Content alone, or `[filename, content, type?, headers?]`; a `null` filename is a plain field. */
export type FileInput =
  | ContentInput
  | readonly [
      filename: string | null,
      content: ContentInput,
      type?: string | null,
      headers?: HeadersInput,
    ]
/** A list under one name repeats the field. */
export type FilesInput =
  | Readonly<Record<string, FileInput | readonly FileInput[]>>
  | readonly (readonly [name: string, file: FileInput])[]

/** `n` is `{connect: n, read: n}`, never a total. Milliseconds; `null` is no limit. */
export type TimeoutInput =
  | number
  | {
      readonly connect?: number | null | undefined
      readonly read?: number | null | undefined
      readonly total?: number | null | undefined
    }
  | null

export type VerifyInput = boolean | string | Uint8Array
export type CertInput = string | readonly [cert: string, key: string]
/** By scheme (`https`) or `scheme://host`; `null` goes direct. */
export type ProxiesInput = Readonly<Record<string, string | null | undefined>>
export type CookiesInput = Readonly<Record<string, string | null | undefined>> | CookieStore

export interface Progress {
  /** Bytes so far. */
  readonly transferred: number
  /** Bytes in all; null when the length is not known or counts coded bytes. */
  readonly total: number | null
  /** What was counted: bytes the engine saw leave (browsers), handed to the socket (Node, Deno),
   *  read from the source by the runtime (Bun, workerd), or decoded (downloads). */
  readonly basis: 'wire' | 'socket' | 'source' | 'decoded'
}
export type ProgressListener = (progress: Progress) => void

/** What static auth and challenge flows may see and change of a request. */
export interface AuthRequest {
  readonly method: string
  readonly url: URL
  header(name: string): string | null
  setHeader(name: string, value: string): void
  /** The body as it will be sent, for digests over it. */
  readonly body: BodySource | null
  /** The proxy this request goes through, without user-info. */
  readonly proxy?: URL | null
}
export interface AuthResponse {
  readonly status: number
  header(name: string): string | null
  /** Every value of a header that may be repeated, such as WWW-Authenticate. */
  headerValues(name: string): readonly string[]
  /** Reads the body, which stays readable: for flows whose challenge is in it. */
  text?(): Promise<string>
}
/** Called once per hop; sets headers of the request. Retries send what it has set. */
export type AuthFunction = (request: AuthRequest) => void | Promise<void>
export interface StaticAuth {
  /** It needs no more than a header that never changes, so `prepare` can set it at once. */
  readonly immediate?: boolean
  /** It speaks to the proxy: a redirect to another origin through the same proxy keeps it. */
  readonly forProxy?: boolean
  apply(request: AuthRequest): void | Promise<void>
}
/** A challenge flow: yields after preparing the request, receives the answer, may yield again. */
export interface AuthFlow {
  readonly forProxy?: boolean
  flow(request: AuthRequest): AsyncGenerator<void, void, AuthResponse>
  /** Called when a retry repeats the request, to set what may be sent but once. */
  again?(request: AuthRequest): void | Promise<void>
}
export type Auth = StaticAuth | AuthFlow | AuthFunction
export type AuthInput = readonly [username: string, password: string] | Auth

export type SameSite = 'strict' | 'lax' | 'none'

/** One cookie as stored; times are milliseconds since the epoch. */
export interface CookieRecord {
  readonly name: string
  readonly value: string
  /** Host or domain, canonical, without leading dot; empty for an unscoped cookie. */
  readonly domain: string
  readonly path: string
  /** Null for a session cookie. */
  readonly expires: number | null
  readonly hostOnly: boolean
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: SameSite | null
  readonly partitioned: boolean
  readonly created: number
  readonly accessed: number
}
export interface CookieAttributes {
  readonly domain?: string | undefined
  readonly path?: string | undefined
  readonly expires?: Date | number | null | undefined
  /** Seconds, as in the Max-Age attribute. */
  readonly maxAge?: number | undefined
  readonly secure?: boolean | undefined
  readonly httpOnly?: boolean | undefined
  readonly sameSite?: SameSite | undefined
  readonly partitioned?: boolean | undefined
}
export interface CookieScope {
  readonly domain?: string | undefined
  readonly path?: string | undefined
}

/** The surface of a cookie jar; `src/cookies/jar.ts` is ours, browsers have their own. */
export interface CookieStore extends Iterable<CookieRecord> {
  readonly size: number
  /** Without a domain: sent to the origin of the URL the caller names, on every call. */
  set(name: string, value: string, attributes?: CookieAttributes): void
  /** Throws `CookieConflictError` when two cookies match. */
  get(name: string, scope?: CookieScope): string | undefined
  delete(name: string, scope?: CookieScope): boolean
  clear(): void
  update(cookies: CookiesInput): void
  toObject(): Record<string, string>
  /**
   * The value of the Cookie header, or null when no cookie matches. `origin` is the origin of the
   * URL the caller named: an unscoped cookie is sent only to it.
   */
  header(url: URL, origin?: string): string | null
  /** Stores one Set-Cookie line received from `url`. Awaited only where public suffixes load. */
  setCookie(header: string, url: URL): void | Promise<void>
  /** Of a jar that outlives the process: whether there is something to save. */
  readonly changed?: boolean
  /** Of such a jar; a session calls it after each call that changed the jar. */
  save?(): Promise<void>
  /** Takes in what others have stored meanwhile, once what was written here has its effect. */
  reload?(): Promise<void>
  /** The engine sends these cookies by itself, and stores those it receives. */
  readonly isNative?: boolean
}
