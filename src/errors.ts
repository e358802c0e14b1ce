/**
 * The one tree of errors (layer 0). Thrown once, by the layer that knows; a runtime's own errors are
 * translated in its adapter and nowhere else.
 *
 *   RequestError
 *   ├─ HTTPError               raiseForStatus
 *   ├─ ConnectionError         DNS, refused, reset, unreachable, session closed
 *   │  ├─ ProxyError · SSLError
 *   │  └─ ConnectTimeoutError
 *   ├─ TimeoutError ─ ConnectTimeoutError · ReadTimeoutError · TotalTimeoutError
 *   ├─ TooManyRedirectsError · RetryError
 *   ├─ InvalidURLError · InvalidHeaderError · InvalidProxyURLError
 *   ├─ IncompleteBodyError     cut off: short Content-Length, broken chunk
 *   ├─ ContentDecodingError · BodyTooLargeError · JSONDecodeError
 *   ├─ StreamConsumedError · BodyNotReadError · UnrewindableBodyError · CookieConflictError
 *   └─ UnsupportedError        this runtime cannot
 *
 * A caller's own abort is not in the tree: it rejects with `signal.reason`. Mistakes of the
 * programmer are `TypeError`.
 */

import { ConnectionError, hasKind, hide, RequestError, TimeoutError } from './call-errors.ts'
import type { ErrorDetails, HTTPError, UnsupportedError } from './call-errors.ts'

export {
  BodyTooLargeError,
  ConnectionError,
  HTTPError,
  IncompleteBodyError,
  InvalidHeaderError,
  JSONDecodeError,
  ReadTimeoutError,
  RequestError,
  StreamConsumedError,
  TimeoutError,
  UnsupportedError,
} from './call-errors.ts'
export type { ErrorDetails, ErrorRequest, ErrorResponse } from './call-errors.ts'

/** What a proxy answered instead of opening a tunnel. */
export interface ProxyAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** The proxy could not be reached, refused, or answered CONNECT with a failure. */
export class ProxyError extends ConnectionError {
  static override readonly kind = 'ProxyError'
  static override readonly code = 'PROXY_FAILED'
  /** Undefined where the proxy gave no answer in HTTP, or the runtime does not show it. */
  declare readonly answer: ProxyAnswer | undefined

  constructor(
    message: string,
    details: ErrorDetails & { readonly answer?: ProxyAnswer | undefined } = {},
  ) {
    super(message, details)
    hide(this, 'answer', details.answer)
  }
}

/** The TLS handshake or the verification of a certificate failed; `code` names the reason. */
export class SSLError extends ConnectionError {
  static override readonly kind = 'SSLError'
  static override readonly code = 'TLS_FAILED'
}

/** No connection within `timeout.connect` milliseconds: a ConnectionError and a TimeoutError. */
export class ConnectTimeoutError extends ConnectionError {
  static override readonly kind = 'ConnectTimeoutError'
  static override readonly code = 'CONNECT_TIMEOUT'
  static override readonly also: readonly string[] = ['TimeoutError']
}

/** The whole call, redirects and retries included, took longer than `timeout.total` milliseconds. */
export class TotalTimeoutError extends TimeoutError {
  static override readonly kind = 'TotalTimeoutError'
  static override readonly code = 'TOTAL_TIMEOUT'
}

/** More hops than `maxRedirects`, or a loop; `requests.TooManyRedirects`. */
export class TooManyRedirectsError extends RequestError {
  static override readonly kind = 'TooManyRedirectsError'
  static override readonly code = 'TOO_MANY_REDIRECTS'
}

/** How one attempt ended. */
export interface RetryAttempt {
  /** Null where there was no answer. */
  readonly status: number | null
  readonly error: unknown
}

/** Every retry was spent. */
export class RetryError extends RequestError {
  static override readonly kind = 'RetryError'
  static override readonly code = 'RETRIES_EXHAUSTED'
  /** All attempts, in order; the last one is `response`. */
  declare readonly history: readonly RetryAttempt[]

  constructor(
    message: string,
    details: ErrorDetails & { readonly history?: readonly RetryAttempt[] } = {},
  ) {
    super(message, details)
    hide(this, 'history', details.history ?? [])
  }
}

/** The URL cannot be used: malformed, without a scheme, or with one that is not http or https. */
export class InvalidURLError extends RequestError {
  static override readonly kind = 'InvalidURLError'
  static override readonly code = 'INVALID_URL'
}

/** The URL of a proxy cannot be used. */
export class InvalidProxyURLError extends RequestError {
  static override readonly kind = 'InvalidProxyURLError'
  static override readonly code = 'INVALID_PROXY_URL'
}

/** The content coding (gzip, br, …) is broken, cut off, or nested too deeply. */
export class ContentDecodingError extends RequestError {
  static override readonly kind = 'ContentDecodingError'
  static override readonly code = 'CONTENT_DECODING'
}

/** `content` of a streamed response was asked for before the body was read. */
export class BodyNotReadError extends RequestError {
  static override readonly kind = 'BodyNotReadError'
  static override readonly code = 'BODY_NOT_READ'
}

/** A body that can be sent only once had to be sent again (redirect 307/308, retry, challenge). */
export class UnrewindableBodyError extends RequestError {
  static override readonly kind = 'UnrewindableBodyError'
  static override readonly code = 'UNREWINDABLE_BODY'
}

/** Two cookies match the name asked for; `requests.cookies.CookieConflictError`. */
export class CookieConflictError extends RequestError {
  static override readonly kind = 'CookieConflictError'
  static override readonly code = 'COOKIE_CONFLICT'
}

export function isRequestError(value: unknown): value is RequestError {
  return hasKind(value, 'RequestError')
}
export function isTimeoutError(value: unknown): value is TimeoutError {
  return hasKind(value, 'TimeoutError')
}
export function isConnectionError(value: unknown): value is ConnectionError {
  return hasKind(value, 'ConnectionError')
}
export function isHTTPError(value: unknown): value is HTTPError {
  return hasKind(value, 'HTTPError')
}
export function isUnsupportedError(value: unknown): value is UnsupportedError {
  return hasKind(value, 'UnsupportedError')
}
