/**
 * The root of the tree of errors (layer 0), and those of its classes that any call can end with. The
 * whole tree is in `errors.ts`.
 */

/** What an error remembers of its request; secrets are removed from `url` before it is stored. */
export interface ErrorRequest {
  readonly method: string
  readonly url: string
}

/** What an error offers of the response it was raised for: any WHATWG-shaped response. */
export type ErrorResponse = globalThis.Response

export interface ErrorDetails {
  /** The stable, machine-readable reason; each class has its own default. */
  readonly code?: string
  readonly cause?: unknown
  readonly request?: ErrorRequest | undefined
  readonly response?: ErrorResponse | undefined
}

/** One registered symbol, so that guards hold across two copies of this library on one page. */
const KINDS: unique symbol = Symbol.for('ubiquest.error.kinds') as never

/** The root of the tree; `requests.RequestException` in Python. */
export class RequestError extends Error {
  static readonly kind: string = 'RequestError'
  /** The default `code` of the class. */
  static readonly code: string = 'REQUEST_FAILED'
  /** Further classes an instance counts as: a connect timeout has two parents. */
  static readonly also: readonly string[] = []

  readonly code: string
  declare readonly request: ErrorRequest | undefined
  declare readonly response: ErrorResponse | undefined

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    const own = new.target
    this.code = details.code ?? own.code
    hide(this, 'name', own.kind)
    hide(this, KINDS, kindsOf(own))
    hide(this, 'request', details.request)
    hide(this, 'response', details.response)
  }

  /** Holds for every copy of the class; a class derived by a user is asked by its prototype. */
  static override [Symbol.hasInstance](this: typeof RequestError, value: unknown): boolean {
    if (!Object.hasOwn(this, 'kind'))
      return Object.prototype.isPrototypeOf.call(this.prototype, Object(value))
    return hasKind(value, this.kind)
  }
}

/** A 4xx or 5xx answer, raised by `raiseForStatus()`; `requests.HTTPError`. */
export class HTTPError extends RequestError {
  static override readonly kind = 'HTTPError'
  static override readonly code = 'HTTP_STATUS'
}

/** No connection, or it broke: DNS, refused, reset, unreachable, session closed. */
export class ConnectionError extends RequestError {
  static override readonly kind: string = 'ConnectionError'
  static override readonly code: string = 'CONNECTION_FAILED'
}

/** A limit of time was reached; the message says which, in milliseconds. */
export class TimeoutError extends RequestError {
  static override readonly kind: string = 'TimeoutError'
  static override readonly code: string = 'TIMEOUT'
}

/** Nothing moved, in either direction, for `timeout.read` milliseconds. */
export class ReadTimeoutError extends TimeoutError {
  static override readonly kind = 'ReadTimeoutError'
  static override readonly code = 'READ_TIMEOUT'
}

/** A method, header name or header value has characters that HTTP does not allow (RFC 9110 §5). */
export class InvalidHeaderError extends RequestError {
  static override readonly kind = 'InvalidHeaderError'
  static override readonly code = 'INVALID_HEADER'
}

/** The body ended before its announced end: a short Content-Length or a broken chunk. */
export class IncompleteBodyError extends RequestError {
  static override readonly kind = 'IncompleteBodyError'
  static override readonly code = 'INCOMPLETE_BODY'
}

/** The decoded body is larger than `maxBytes`, or expands beyond the guard against bombs. */
export class BodyTooLargeError extends RequestError {
  static override readonly kind = 'BodyTooLargeError'
  static override readonly code = 'BODY_TOO_LARGE'
}

/** `json()` found something that is not JSON; `requests.JSONDecodeError`. */
export class JSONDecodeError extends RequestError {
  static override readonly kind = 'JSONDecodeError'
  static override readonly code = 'INVALID_JSON'
}

/** A streamed body was read a second time. */
export class StreamConsumedError extends RequestError {
  static override readonly kind = 'StreamConsumedError'
  static override readonly code = 'STREAM_CONSUMED'
}

/** This runtime or transport cannot do what was asked for; the message says what to do instead. */
export class UnsupportedError extends RequestError {
  static override readonly kind = 'UnsupportedError'
  static override readonly code = 'UNSUPPORTED'
}

export function hasKind(value: unknown, kind: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  const kinds: unknown = Reflect.get(value, KINDS)
  return Array.isArray(kinds) && kinds.includes(kind)
}

function kindsOf(own: typeof RequestError): readonly string[] {
  const kinds = [...own.also]
  for (
    let at: unknown = own;
    typeof at === 'function' && at !== Error;
    at = Object.getPrototypeOf(at)
  ) {
    const kind: unknown = Reflect.get(at, 'kind')
    if (typeof kind === 'string' && !kinds.includes(kind)) kinds.push(kind)
  }
  return kinds
}

/** Kept off `JSON.stringify`, `console.log` and structured loggers, which would print secrets. */
export function hide(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    configurable: true,
  })
}
