/**
 * How often, for what and after which wait a failed attempt is repeated, in urllib3's terms (leaf of
 * step 3): what a caller says. What follows from it is in `retry-rules.ts`. Milliseconds.
 */
import { describe } from './bytes.ts'
import { checkNames } from './known-names.ts'

export interface RetryOptions {
  /** Repetitions in all; `null` leaves the decision to the other limits. */
  readonly total?: number | null | undefined
  /** Repetitions after failures before the request was sent. */
  readonly connect?: number | null | undefined
  /** Repetitions after failures when the server may have seen the request. */
  readonly read?: number | null | undefined
  /** Repetitions because of a status. */
  readonly status?: number | null | undefined
  /** Statuses to repeat, besides 413, 429 and 503 with Retry-After. */
  readonly statusForcelist?: Iterable<number> | undefined
  /** Methods that may reach the server twice; `null` is all of them. */
  readonly allowedMethods?: Iterable<string> | null | undefined
  /** The wait is `backoffFactor * 2 ** (n - 1)` before repetition n, and none before the first. */
  readonly backoffFactor?: number | undefined
  readonly backoffMax?: number | undefined
  /** Up to this much is added to each wait, at random. */
  readonly jitter?: number | undefined
  readonly respectRetryAfter?: boolean | undefined
  /** A longer Retry-After is cut to this. */
  readonly retryAfterMax?: number | undefined
  /** When repetitions for a status of `statusForcelist` are spent: an error, or the response. */
  readonly raiseOnStatus?: boolean | undefined
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
    checkNames('Retry option', options, this)
    Object.freeze(this)
  }

  /** The same with changes; `undefined` changes nothing. */
  new(changes: RetryOptions): Retry {
    const said = Object.entries(changes).filter(([, value]) => value !== undefined)
    return new Retry(Object.assign({}, this, Object.fromEntries(said)))
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

/** RFC 9110 §9.2.2. */
const IDEMPOTENT: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE']

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
