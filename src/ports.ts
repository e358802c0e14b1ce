/**
 * The two ports of the core (layer 0): `Transport` moves one request, `Platform` is what a runtime
 * brings along. What crosses their border is here, in `body-port` and in `connection-port`.
 */
import type { BodySource, OpenFile } from './body-port.ts'
import type { Capabilities } from './capabilities.ts'
import type {
  EnvironmentSettings,
  PoolStats,
  ProxyRules,
  ProxyTarget,
  TlsSettings,
  TransportSettings,
  WireTimings,
} from './connection-port.ts'
import type { ByteReader, DecodeNow, DecoderFactory } from './decode-port.ts'
import type { CookieStore, Credentials, Progress, RedirectPolicy } from './types.ts'

export type { Capabilities, Capability } from './capabilities.ts'
export type {
  AddressPolicy,
  EnvironmentSettings,
  PoolSettings,
  PoolStats,
  ProxyRules,
  ProxyTarget,
  TlsSettings,
  TransportSettings,
  TransportTls,
  WireTimings,
} from './connection-port.ts'
export type { BodyPiece, BodySource, OpenBody, OpenFile } from './body-port.ts'
export type { ByteReader, DecodeNow, DecoderFactory } from './decode-port.ts'

export type RuntimeName = 'node' | 'deno' | 'bun' | 'workerd' | 'browser' | 'fetch' | 'ponyfill'

/** One header field as it goes on the wire: name as the caller spelt it, value without padding. */
export type HeaderPair = readonly [name: string, value: string]
export type HeaderPairs = readonly HeaderPair[]

/** The fields of an answer: asked for by name, and listed for those alone who look at them all. */
export interface HeaderFields {
  /** Every field of that name, joined by a comma; null where there is none. */
  get(name: string): string | null
  /** Each Set-Cookie field of its own, in the order received. */
  getSetCookie(): readonly string[]
  /** Every field line of its own, in the order received, names as received. */
  pairs(): HeaderPairs
}

/** Moves one request, and nothing else: no redirects, no cookies, no decoding of our own. */
export interface Transport {
  readonly capabilities: Capabilities
  /**
   * Resolves when the head of the final (not 1xx) response is there. Rejects with an error of
   * `errors.ts`, with the deadline's reason when that has failed, or with the very error that a
   * body source threw.
   */
  send(request: WireRequest): Promise<WireResponse>
  /** Closes idle sockets now and busy ones when they are done; a later `send` is an error. */
  close(): Promise<void>
  /** Absent where the connections are the runtime's own. */
  stats?(): PoolStats
  /** For platforms without rules of their own: where a transport shows redirects in a browser. */
  readonly redirects?: RedirectRules
}

/** Complete: nothing is optional, nothing is looked up elsewhere. */
export interface WireRequest {
  readonly method: string
  /** Without user-info and fragment. */
  readonly url: URL
  /** Never Content-Length, Transfer-Encoding, Connection or Host: framing is the transport's alone,
   *  `host` below is the caller's. */
  readonly headers: HeaderPairs
  /** The caller's own Host header. */
  readonly host: string | null
  readonly body: BodySource | null
  readonly deadline: Deadline
  readonly tls: TlsSettings
  readonly proxy: ProxyTarget | null
  /** Unix domain socket to connect to instead of the URL's host. */
  readonly socketPath: string | null
  /** `follow` only where `capabilities.manualRedirect` is false. */
  readonly redirect: RedirectPolicy
  readonly credentials: Credentials | null
  /** The body will be read piece by piece, or buffered at once: a hint for the transport. */
  readonly stream: boolean
  /** The coded bytes are wanted: the transport decodes nothing where it can help it. */
  readonly raw: boolean
  /** Told how many body bytes have gone so far, how many there will be, and what `gone` means here;
   *  read from the source, unless it is said. */
  readonly onSent: SentListener | null
  /** The caller wants the connection closed after the answer (`Connection: close`). */
  readonly closeAfter?: boolean
  /** The body is sent only after a 100 (or a second without any answer): `Expect: 100-continue`. */
  readonly expectContinue?: boolean
  /** How much of a stream may be collected where the runtime cannot send one. */
  readonly bufferUpload?: number
  /** Hints for the native fetch; a transport passes on only the keys its runtime knows. */
  readonly init: Readonly<Record<string, unknown>>
}

export type SentListener = (
  transferred: number,
  total?: number | null,
  basis?: Progress['basis'],
) => void

export interface WireResponse {
  readonly status: number
  readonly statusText: string
  /** A plain list has what `HeaderFields.pairs` would give. */
  readonly headers: HeaderPairs | HeaderFields
  /** Content codings, lower case, that the runtime has already removed from the body. */
  readonly undone: readonly string[]
  /** Where a runtime followed redirects by itself: the URL it ended at. */
  readonly url: string | null
  readonly redirected: boolean
  /** `1.1`, `2`; null where the runtime does not tell. */
  readonly httpVersion: string | null
  readonly timings?: WireTimings
  readonly body: WireBody
}

/** The body of a response: a reader, plus the quick way for a body that is wanted whole. */
export interface WireBody extends ByteReader {
  /**
   * All bytes that have not been read yet. Rejects with `BodyTooLargeError` and gives the body up
   * as soon as more than `limit` bytes have come; `Infinity` is no limit.
   */
  collect(limit: number): Promise<Uint8Array>
  /** As `collect`, where everything has come already; null where something is missing, too long or
   *  has failed. Others may have the memory: whoever hands the bytes on copies them. */
  collectNow?(limit: number): Uint8Array | null
  /** The runtime's own stream behind this body, while nothing has been read: for handing it on
   *  without another stream around it. Whoever takes it ends the deadline. */
  readonly native?: ReadableStream<Uint8Array> | null
}

/**
 * The limits of time of one attempt and the caller's signal, in one place. A transport says what it
 * waits for; the deadline says when to stop. All limits are in milliseconds.
 */
export interface Deadline {
  /** True once the call has to stop. */
  readonly failed: boolean
  /** What to reject with: a TimeoutError of ours, or the caller's `signal.reason`. */
  readonly reason: unknown
  /** The caller has set limits of its own: what comes must be seen as it comes. */
  readonly isExact?: boolean
  /** Bytes of the bodies so far, counted by the transport for what is said when a limit is reached. */
  sent: number
  received: number
  /** Milliseconds since the attempt began, or from there to its end. */
  readonly elapsed: number
  /** The one listener, called at most once; the next transport replaces it, null removes it. */
  onFailure(listener: FailureListener | null): void
  /** A connection is being made or waited for. `visible: false`: the runtime will not say when it
   *  is there, so the first byte is bounded by connect + read. */
  connecting(visible: boolean): void
  /** Waiting for the peer; each call starts the limit of silence anew. `bodyBytes`: a body of that
   *  many bytes was handed over whole, so that no progress will be seen before the answer. */
  waiting(bodyBytes?: number): void
  /** Waiting for nobody but the caller: only the total limit runs. */
  idle(): void
  /** This attempt is over: its body is done or was given up. */
  end(): void
}

/** An object where a function would have to be made for each request. */
export type FailureListener = ((reason: unknown) => void) | { fail(reason: unknown): void }

/** Timers, so that `src/deadline-clock.ts` needs no runtime: shared and coarse where timers cost. */
export interface Clock {
  /** Monotonic, milliseconds. */
  now(): number
  /** Calls `task` once, `delay` milliseconds from now, unless cancelled. `hold` keeps the process
   *  alive until then: for a wait that nothing else (such as a socket) holds open. `from` is what
   *  `now()` has just said: to read a clock takes time, too. */
  start(task: Task, delay: number, hold?: boolean, from?: number): Ticket
}
/** An object where a function would have to be made for each call. */
export type Task = (() => void) | { ring(): void }
export interface Ticket {
  cancel(): void
}

/** A file being written: nothing stands under its final name before `commit`. */
export interface FileSink {
  /** Resolves when the sink wants more. The bytes may be kept: they belong to the sink. */
  write(bytes: Uint8Array): Promise<void>
  /** Flushes, closes and renames atomically; resolves to the final path or name. */
  commit(): Promise<string>
  /** Closes and removes what was written. Calling it after `commit` does nothing. */
  discard(): Promise<void>
}

export interface CreateOptions {
  /** The path to try instead when a file is there already; asked with 1, 2, … Without it, the file
   *  that is there is replaced. */
  readonly taken?: (times: number) => string
  /** The bytes written are nobody else's: their memory may be freed once they are in the file. */
  readonly disposable?: boolean
}

/** Files by path, on runtimes that have paths. */
export interface FileSystem {
  open(path: string | URL): Promise<OpenFile>
  /** A sink beside the final path, exclusively created under a random name. */
  create(path: string | URL, options?: CreateOptions): Promise<FileSink>
  isDirectory(path: string | URL): Promise<boolean>
  /** `name` inside the directory `path`. */
  join(path: string | URL, name: string): string
  mediaTypeOf(name: string): string | null
}

/** What the core asks about a 3xx answer. Absent where the runtime follows by itself. */
export interface RedirectRules {
  /** Where the answer leads, or null when it is no redirect. Throws `InvalidURLError`. */
  target(status: number, location: string | null, from: URL): URL | null
  /** The method of the next request (RFC 9110 §15.4). */
  method(status: number, method: string): string
  /** The headers of the next request: what it leaves behind is decided here and only here. */
  headers(hop: RedirectHop): HeaderPairs
}
export interface RedirectHop {
  readonly headers: HeaderPairs
  readonly from: URL
  readonly to: URL
  readonly bodyDropped: boolean
  /** Lower-case names the user declared secret, besides the well-known ones. */
  readonly secretHeaders: readonly string[]
}

export interface CookieRules {
  createJar(): CookieStore
  /** A call ends only when a jar that it changed has been saved: where nothing may go on after it. */
  readonly savesWithinCall?: boolean
}

/** Tells when a value that is watched has been collected as garbage without being forgotten. */
export interface DropWatch {
  /** @param release must not reach `target`, which would live as long as it. */
  watch(target: object, release: () => void): void
  forget(target: object): void
}

/** Incremental hash, for digests and checksums. */
export interface Hasher {
  update(bytes: Uint8Array): void
  digest(): Uint8Array | Promise<Uint8Array>
}

/**
 * What a runtime brings along. A missing member means "cannot": `demand` in `unsupported.ts` turns
 * that into the `UnsupportedError`, and keeps code that a browser does not need out of its bundle.
 */
export interface Platform extends CallPlatform {
  /** A transport with a pool of its own. */
  transport(settings: TransportSettings): Transport
  /** The part of the browser's own jar that script may see. */
  pageCookies?(): CookieStore
}

/** What a call needs, with or without a session around it. */
export interface CallPlatform {
  readonly runtime: RuntimeName
  /** Sent with every request unless the caller says otherwise. Browsers send their own. */
  readonly defaultHeaders: HeaderPairs
  readonly clock: Clock
  /** The transport that all one-shot calls and default sessions share: sockets and nothing else. */
  sharedTransport(): Transport
  /** Synchronous, never prompts, never throws. Absent where there is no environment. */
  environment?(name: string): string | undefined
  /** What the environment says about proxies and authorities. */
  environmentSettings?(): EnvironmentSettings
  /** User name and password for a host (an IPv6 address without brackets) from the user's netrc
   *  file. Synchronous, never prompts, never throws. */
  readonly netrc?: (hostname: string) => readonly [username: string, password: string] | null
  /** The page's URL in browsers. */
  baseUrl?(): string | null
  readonly files?: FileSystem
  readonly decoders?: DecoderFactory
  readonly decodeNow?: DecodeNow
  readonly cookies?: CookieRules
  readonly redirects?: RedirectRules
  readonly proxies?: ProxyRules
  hash?(algorithm: string): Hasher | null
  /** Absent where garbage collection may not touch what belongs to a request (workerd). */
  readonly drops?: DropWatch
}
