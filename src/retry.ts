/**
 * Whether and when a failed attempt may be repeated (leaf of step 3), in urllib3's terms. Pure: who
 * sends and who waits is decided elsewhere. Times are milliseconds.
 */
import { describe } from './bytes.ts'
import {
  ConnectionError,
  ConnectTimeoutError,
  IncompleteBodyError,
  ReadTimeoutError,
  RequestError,
  SSLError,
} from './errors.ts'

export interface RetryOptions {
  /** Repetitions in all; `null` leaves the decision to the other limits. */
  readonly total?: number | null
  /** Repetitions after failures before the request was sent. */
  readonly connect?: number | null
  /** Repetitions after failures when the server may have seen the request. */
  readonly read?: number | null
  /** Repetitions because of a status. */
  readonly status?: number | null
  /** Statuses to repeat, besides 413, 429 and 503 with Retry-After. */
  readonly statusForcelist?: Iterable<number>
  /** Methods that may reach the server twice; `null` is all of them. */
  readonly allowedMethods?: Iterable<string> | null
  /** The wait is `backoffFactor * 2 ** (n - 1)` before repetition n, and none before the first. */
  readonly backoffFactor?: number
  readonly backoffMax?: number
  /** Up to this much is added to each wait, at random. */
  readonly jitter?: number
  readonly respectRetryAfter?: boolean
  /** A longer Retry-After is cut to this. */
  readonly retryAfterMax?: number
  /** When repetitions for a status of `statusForcelist` are spent: an error, or the response. */
  readonly raiseOnStatus?: boolean
}

/** How often, for what and after which wait a request is repeated; `urllib3.util.Retry`. */
export class Retry {
  readonly total: number | null
  readonly connect: number | null
  readonly read: number | null
  readonly status: number | null
  readonly statusForcelist: readonly number[]
  readonly allowedMethods: readonly string[] | null
  readonly backoffFactor: number
  readonly backoffMax: number
  readonly jitter: number
  readonly respectRetryAfter: boolean
  readonly retryAfterMax: number
  readonly raiseOnStatus: boolean

  constructor(options: RetryOptions = {}) {
    // Own properties only: a polluted Object.prototype sets no option.
    const own: RetryOptions = Object.assign(Object.create(null) as object, options)
    this.total = own.total === null ? null : count('total', own.total ?? 10)
    this.connect = countOrNull('connect', own.connect)
    this.read = countOrNull('read', own.read)
    this.status = countOrNull('status', own.status)
    this.statusForcelist = Object.freeze([...(own.statusForcelist ?? [])].map(checkStatus))
    this.allowedMethods = checkMethods(own.allowedMethods)
    this.backoffFactor = milliseconds('backoffFactor', own.backoffFactor ?? 0)
    this.backoffMax = milliseconds('backoffMax', own.backoffMax ?? 120_000)
    this.jitter = milliseconds('jitter', own.jitter ?? 0)
    this.respectRetryAfter = own.respectRetryAfter ?? true
    this.retryAfterMax = milliseconds('retryAfterMax', own.retryAfterMax ?? 120_000)
    this.raiseOnStatus = own.raiseOnStatus ?? true
    Object.freeze(this)
  }

  /** The same with changes. */
  new(changes: RetryOptions): Retry {
    return new Retry(Object.assign({}, this, changes))
  }
}

/** Frozen, so that all calls may share it; made when first asked for. */
let noRetries: Retry | null = null

/** A number is a total; nothing is repeated by default. */
export function retryFrom(input: number | Retry | RetryOptions | null | undefined): Retry {
  if (input instanceof Retry) return input
  if (input === undefined || input === null) return (noRetries ??= new Retry({ total: 0 }))
  if (typeof input === 'number') return new Retry({ total: count('retries', input) })
  if (typeof input === 'object') return new Retry(input)
  throw new TypeError(`retries must be a number or a Retry, not ${describe(input)}.`)
}

/** One budget per call: how much of it is spent, across hops and challenges. */
export interface RetryState {
  readonly retry: Retry
  readonly total: number
  readonly connect: number
  readonly read: number
  readonly status: number
}

/** How one attempt ended: with an error, or with a response. */
export interface Outcome {
  readonly method: string
  /** The request has an Idempotency-Key header, so that the server repeats nothing. */
  readonly idempotencyKey: boolean
  /** There is no body, or one that can be sent again. */
  readonly replayable: boolean
  readonly error: unknown
  /** Null when there was no response. */
  readonly status: number | null
  /** The Retry-After header. */
  readonly retryAfter: string | null
}

export function startRetries(retry: Retry): RetryState {
  return { retry, total: 0, connect: 0, read: 0, status: 0 }
}

/** The wait before the attempt is repeated, or null when it must not be. */
export function nextDelay(
  state: RetryState,
  outcome: Outcome,
  now: () => number = Date.now,
  random: () => number = Math.random,
): number | null {
  const kind = failureKind(state.retry, outcome)
  if (kind === null || !hasBudget(state, kind)) return null
  const asked = state.retry.respectRetryAfter ? parseRetryAfter(outcome.retryAfter, now()) : null
  if (asked !== null) return Math.min(asked, state.retry.retryAfterMax)
  return backoff(state, random())
}

/** The state after a repetition for this outcome. */
export function spend(state: RetryState, outcome: Outcome): RetryState {
  const kind = failureKind(state.retry, outcome)
  if (kind === null) return state
  return { ...state, total: state.total + 1, [kind]: state[kind] + 1 }
}

/** Whether anything at all may be repeated. */
export function allowsRetries({ total, connect, read, status }: Retry): boolean {
  if (total === 0) return false
  return total !== null || [connect, read, status].some((limit) => (limit ?? 0) > 0)
}

/** True when the failure would be repeated if only the body could be sent again. */
export function isUsedUp(state: RetryState, outcome: Outcome): boolean {
  if (outcome.replayable || outcome.status !== null) return false
  const kind = failureKind(state.retry, { ...outcome, replayable: true })
  return kind !== null && hasBudget(state, kind)
}

/** True when a status would have been repeated and the budget for it is gone: a RetryError. */
export function isExhausted(state: RetryState, outcome: Outcome): boolean {
  const { raiseOnStatus, statusForcelist } = state.retry
  if (!raiseOnStatus || outcome.status === null) return false
  if (!statusForcelist.includes(outcome.status)) return false
  return failureKind(state.retry, outcome) === 'status' && !hasBudget(state, 'status')
}

/** Milliseconds from `now` on; null when the header is absent or not understood (RFC 9110 §10.2.3). */
export function parseRetryAfter(value: string | null, now: number): number | null {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Only texts that look like an HTTP date: engines read nearly anything as some date.
  if (!/^[A-Za-z]{3,9},? [\w :-]{10,40}$/.test(text)) return null
  // The asctime form of RFC 9110 §5.6.7 has no zone and would be read as local time.
  const date = Date.parse(/GMT$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

type Kind = 'connect' | 'read' | 'status'

/** RFC 9110 §9.2.2. */
const IDEMPOTENT: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE']
/** With Retry-After these say "later" (RFC 9110 §15.5.14, §15.6.4, RFC 6585 §4). */
const LATER: readonly number[] = [413, 429, 503]
/** The request cannot have been sent. */
const BEFORE_SENDING: readonly string[] = [
  'CONNECTION_REFUSED',
  'CONNECT_TIMEOUT',
  'DNS_FAILED',
  'HOST_UNREACHABLE',
]

/** What kind of failure this is; null when it must not be repeated, whatever the budget. */
function failureKind(retry: Retry, outcome: Outcome): Kind | null {
  if (!outcome.replayable) return null
  const kind = outcome.status === null ? errorKind(outcome.error) : statusKind(retry, outcome)
  if (kind === null || kind === 'connect') return kind
  const allowed = retry.allowedMethods?.includes(outcome.method) ?? true
  return allowed || outcome.idempotencyKey ? kind : null
}

function errorKind(error: unknown): Kind | null {
  // An abort of the caller, an error of a body source, a mistake: repeating would not help.
  if (!(error instanceof RequestError) || error instanceof SSLError) return null
  if (error.code === 'SESSION_CLOSED' || error.code === 'PROXY_AUTHENTICATION') return null
  if (error instanceof ConnectTimeoutError || BEFORE_SENDING.includes(error.code)) return 'connect'
  const lost =
    error instanceof ConnectionError ||
    error instanceof ReadTimeoutError ||
    error instanceof IncompleteBodyError
  return lost ? 'read' : null
}

function statusKind(retry: Retry, { status, retryAfter }: Outcome): Kind | null {
  if (status === null) return null
  if (retry.statusForcelist.includes(status)) return 'status'
  return retry.respectRetryAfter && retryAfter !== null && LATER.includes(status) ? 'status' : null
}

function hasBudget(state: RetryState, kind: Kind): boolean {
  const { retry } = state
  const limit = retry[kind]
  // Without any limit there would be no end: urllib3 leaves that to the caller, we do not.
  if (retry.total === null && limit === null) return false
  return state.total < (retry.total ?? Infinity) && state[kind] < (limit ?? Infinity)
}

function backoff(state: RetryState, random: number): number {
  const { backoffFactor, backoffMax, jitter } = state.retry
  if (state.total === 0) return 0
  return Math.min(backoffMax, backoffFactor * 2 ** Math.min(state.total, 31) + random * jitter)
}

function checkMethods(methods: Iterable<string> | null | undefined): readonly string[] | null {
  if (methods === null) return null
  if (typeof methods === 'string') {
    throw new TypeError('allowedMethods must be a list of methods, not one string.')
  }
  return Object.freeze([...(methods ?? IDEMPOTENT)].map((method) => method.toUpperCase()))
}

function checkStatus(status: number): number {
  if (Number.isInteger(status) && status >= 100 && status <= 999) return status
  throw new RangeError(`statusForcelist takes statuses from 100 to 999, not ${String(status)}.`)
}

function countOrNull(name: string, value: number | null | undefined): number | null {
  return value === undefined || value === null ? null : count(name, value)
}

function count(name: string, value: number): number {
  const number = milliseconds(name, value)
  if (Number.isInteger(number)) return number
  throw new RangeError(`${name} must be a whole number, not ${String(value)}.`)
}

function milliseconds(name: string, value: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(
      `${name} must be a number, not ${typeof value === 'number' ? 'NaN' : describe(value)}.`,
    )
  }
  if (value >= 0 && value <= 2_147_483_647) return value
  throw new RangeError(`${name} must be from 0 to 2147483647, not ${String(value)}.`)
}
