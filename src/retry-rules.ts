/**
 * Whether and when a failed attempt may be repeated (leaf of step 3). Pure: who sends and who waits
 * is decided elsewhere. Times are milliseconds.
 */
import {
  ConnectionError,
  ConnectTimeoutError,
  IncompleteBodyError,
  ReadTimeoutError,
  RequestError,
  SSLError,
} from './errors.ts'
import type { Retry } from './retry.ts'

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
  // As in urllib3: who says "at once", or a time that is over, is still spared.
  if (asked !== null && asked > 0) return Math.min(asked, state.retry.retryAfterMax)
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

/** With Retry-After these say "later" (RFC 9110 §15.5.14, §15.6.4, RFC 6585 §4). */
const LATER: readonly number[] = [413, 429, 503]
/** The same again, however often it is tried. */
const LASTING: readonly string[] = ['SESSION_CLOSED', 'PROXY_AUTHENTICATION', 'ADDRESS_REFUSED']
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
  if (LASTING.includes(error.code)) return null
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
