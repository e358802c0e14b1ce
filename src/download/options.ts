/** What a caller may say about a download, and the one reading of it. */
import { describe } from '../bytes.ts'
import type { TimeLimits } from '../deadline-limits.ts'
import { headerEntries } from '../headers.ts'
import { checkNames } from '../known-names.ts'
import type { WritableFileHandle } from '../response-save.ts'
import { Retry } from '../retry.ts'
import type { Session } from '../session.ts'
import { own, timeLimits } from '../settings.ts'
import type { RequestOptions } from '../settings.ts'
import type { URLInput } from '../types.ts'
import type { Checksum, ChecksumInput, DigestPolicy } from './integrity.ts'
import type { DownloadProgress } from './progress.ts'
import type { SinkInput } from './sink-store.ts'

/** A directory of the File System API: from a picker, or of OPFS. */
export interface DirectoryHandle {
  readonly kind: 'directory'
  readonly name: string
}
/** A path or directory (Node, Deno, Bun), a handle (browsers), a sink or writable stream. */
export type DownloadDestination =
  | string
  | URL
  | WritableFileHandle
  | DirectoryHandle
  | WritableStream<Uint8Array<ArrayBuffer>>
  | SinkInput

/** Options that every request of the download is sent with. */
type PassedOn =
  | ('headers' | 'params' | 'cookies' | 'auth' | 'timeout' | 'allowRedirects' | 'maxRedirects')
  | ('proxies' | 'verify' | 'cert' | 'credentials' | 'hooks' | 'init')
const PASSED_ON: readonly PassedOn[] = [
  ...(['headers', 'params', 'cookies', 'auth', 'timeout', 'allowRedirects'] as const),
  ...(['maxRedirects', 'proxies', 'verify', 'cert', 'credentials', 'hooks', 'init'] as const),
]

/** An answer that says that the URL does not hold any more. */
export interface RefreshEvent {
  readonly status: number
  readonly url: string
}

export interface DownloadOptions extends Pick<RequestOptions, PassedOn | 'signal'> {
  /** Whose cookies, headers, auth and connections are used; by default those of a one-shot call. */
  readonly session?: Session | undefined
  /** The name inside a destination that is a directory; by default the server's, made harmless. */
  readonly filename?: string | undefined
  /** Connections that fetch at once, from servers that do ranges: 1 to 16, by default 1. */
  readonly segments?: number | undefined
  /** Failures in a row, without progress, that are repeated; by default 5. */
  readonly retries?: number | undefined
  /** Milliseconds before the second repetition, doubled for each further one; by default 500. */
  readonly backoff?: number | undefined
  /** What the whole must hash to, or the name of an algorithm to be told its hash. */
  readonly checksum?: ChecksumInput | string | null | undefined
  /** What the server's Repr-Digest and Content-Digest (RFC 9530) mean; by default `verify`. */
  readonly digest?: DigestPolicy | undefined
  /** Bytes per second, over all connections. */
  readonly maxRate?: number | null | undefined
  /** Another download is writing there: an error (the default), or wait for its end. */
  readonly onLocked?: 'error' | 'wait' | undefined
  /** Whether a file under the final name is replaced: by default only one that the caller named. */
  readonly overwrite?: boolean | undefined
  /** What the resource is called where its URL changes between calls, as signed URLs do. */
  readonly identity?: string | undefined
  /** Gives another URL when the server answers 400, 401, 403, 404 or 410. */
  readonly refresh?: ((event: RefreshEvent) => URLInput | Promise<URLInput>) | undefined
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
}

export interface DownloadResult {
  /** Where the bytes are: a path, the name of a handle, '' for a stream. */
  readonly path: string
  readonly bytes: number
  /** Bytes that an earlier call had left and that were found to be right. */
  readonly resumedFrom: number
  /** The most connections that were used at once. */
  readonly segments: number
  /** The strong entity tag, if the server gave one. */
  readonly etag: string | null
  /** Of `checksum`, else of the server's Repr-Digest, else null. */
  readonly checksum: Checksum | null
  /** Milliseconds. */
  readonly elapsed: number
  /** Why the download began anew, once for each time. */
  readonly restarts: readonly string[]
}

/** Complete: nothing is optional. */
export interface DownloadPlan {
  readonly request: RequestOptions
  /** Milliseconds for all of it. */
  readonly total: number | null
  readonly signal: AbortSignal | null
  readonly filename: string | null
  readonly segments: number
  readonly retry: Retry
  readonly checksum: ChecksumInput | string | null
  readonly digest: DigestPolicy
  readonly maxRate: number | null
  readonly onLocked: 'error' | 'wait'
  readonly overwrite: boolean | null
  readonly identity: string | null
  readonly refresh: ((event: RefreshEvent) => URLInput | Promise<URLInput>) | null
  readonly onProgress: ((progress: DownloadProgress) => void) | null
}

const MOST_SEGMENTS = 16
/** Besides those that say "later" with Retry-After. */
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504]

/** @throws TypeError */
export function planDownload(options: DownloadOptions): DownloadPlan {
  const maxRate = own(options, 'maxRate') ?? null
  if (maxRate !== null && !(maxRate > 0)) {
    throw new TypeError(`maxRate must be bytes per second above 0, not ${String(maxRate)}.`)
  }
  const limits = timeLimits(own(options, 'timeout'), own(options, 'session')?.timeout)
  const plan: DownloadPlan = {
    request: requestOptions(options, limits),
    total: limits.total,
    signal: own(options, 'signal') ?? null,
    filename: own(options, 'filename') ?? null,
    segments: segmentCount(own(options, 'segments') ?? 1),
    retry: new Retry({
      total: own(options, 'retries') ?? 5,
      backoffFactor: (own(options, 'backoff') ?? 500) / 2,
      backoffMax: 30_000,
      jitter: Math.min(250, own(options, 'backoff') ?? 250),
      statusForcelist: TRANSIENT,
      raiseOnStatus: false,
    }),
    checksum: readChecksum(own(options, 'checksum') ?? null),
    digest: oneOf('digest', own(options, 'digest') ?? 'verify', ['verify', 'require', 'ignore']),
    maxRate,
    onLocked: oneOf('onLocked', own(options, 'onLocked') ?? 'error', ['error', 'wait']),
    overwrite: own(options, 'overwrite') ?? null,
    identity: own(options, 'identity') ?? null,
    refresh: own(options, 'refresh') ?? null,
    onProgress: own(options, 'onProgress') ?? null,
  }
  checkNames('download option', options, plan, isReadElsewhere)
  return plan
}

function isReadElsewhere(name: string): boolean {
  const names: readonly string[] = [...PASSED_ON, 'session', 'retries', 'backoff']
  return names.includes(name)
}

/** Repetitions are ours: only we know from where to go on. So is `timeout.total`. */
function requestOptions(
  options: DownloadOptions,
  { connect, read, total }: TimeLimits,
): RequestOptions {
  const passed: Pick<RequestOptions, PassedOn> = Object.fromEntries(
    PASSED_ON.filter((key) => own(options, key) !== undefined).map((key) => [
      key,
      lasting(options[key]),
    ]),
  )
  for (const [name] of headerEntries(passed.headers ?? [])) {
    if (/^(?:range|if-range|accept-encoding)$/i.test(name)) {
      throw new TypeError(`The header ${name} is the download's own; leave it out.`)
    }
  }
  return {
    ...passed,
    ...(total === null ? {} : { timeout: { connect, read, total: null } }),
    stream: true,
    retries: null,
    raiseForStatus: false,
    maxBytes: null,
  }
}

/** Each of many requests has all of what iterates but once. */
function lasting(value: unknown): unknown {
  const isOnce = typeof value === 'object' && value !== null && Symbol.iterator in value
  return isOnce && 'next' in value ? [...(value as Iterable<unknown>)] : value
}

function segmentCount(value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= MOST_SEGMENTS) return value
  throw new TypeError(
    `segments must be a whole number from 1 to ${String(MOST_SEGMENTS)}, not ${String(value)}.`,
  )
}

function readChecksum(input: ChecksumInput | string | null): ChecksumInput | string | null {
  if (input === null || typeof input === 'string') return input
  const { algorithm, value } = input
  if (typeof algorithm === 'string' && (typeof value === 'string' || value instanceof Uint8Array))
    return { algorithm, value }
  throw new TypeError(
    `checksum must be {algorithm, value} or the name of an algorithm, not ${describe(input)}.`,
  )
}

function oneOf<T extends string>(name: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value
  throw new TypeError(`${name} must be one of ${known.join(', ')}, not ${describe(value)}.`)
}
