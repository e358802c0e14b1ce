/**
 * The same fault, on every target: class and code of the error. Each run of the suite holds it to this
 * table, in both directions; `docs/faults.md` is made of it (`scripts/faults.mjs`).
 */

/** By target, then by runtime, then `else`. */
export type FaultRow = Readonly<Record<string, string>> & { readonly else: string }

export const FAULTS: Readonly<Record<string, FaultRow>> = {
  'nobody listens': {
    else: 'ConnectionError CONNECTION_REFUSED',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'the host name has no address': {
    else: 'ConnectionError DNS_FAILED',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'the connection is reset instead of an answer': {
    else: 'ConnectionError CONNECTION_RESET',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'the answer is not HTTP': {
    else: 'ConnectionError INVALID_RESPONSE',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'the body is shorter than its Content-Length': {
    else: 'IncompleteBodyError INCOMPLETE_BODY',
    ponyfill: 'ReadTimeoutError READ_TIMEOUT',
  },
  'a chunk of the body is missing': {
    else: 'IncompleteBodyError INCOMPLETE_BODY',
    webkit: 'no error',
  },
  'the content coding is broken': {
    else: 'ContentDecodingError CONTENT_DECODING',
    browser: 'IncompleteBodyError INCOMPLETE_BODY',
    webkit: 'no error',
  },
  'no handshake within timeout.connect': {
    else: 'ConnectTimeoutError CONNECT_TIMEOUT',
    bun: 'ReadTimeoutError READ_TIMEOUT',
    workerd: 'ReadTimeoutError READ_TIMEOUT',
    ponyfill: 'ReadTimeoutError READ_TIMEOUT',
    browser: 'ReadTimeoutError READ_TIMEOUT',
  },
  'no answer within timeout.read': { else: 'ReadTimeoutError READ_TIMEOUT' },
  'the body stops coming for timeout.read': { else: 'ReadTimeoutError READ_TIMEOUT' },
  'the call takes longer than timeout.total': { else: 'TotalTimeoutError TOTAL_TIMEOUT' },
  'the authority of the certificate is unknown': {
    else: 'SSLError CERT_UNKNOWN_AUTHORITY',
    workerd: 'ConnectionError CONNECTION_FAILED',
    ponyfill: 'SSLError CERT_SELF_SIGNED',
    browser: 'no error',
    chromium: 'ConnectionError CONNECTION_FAILED',
  },
  'the certificate is self-signed': {
    else: 'SSLError CERT_SELF_SIGNED',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'no error',
    chromium: 'ConnectionError CONNECTION_FAILED',
  },
  'the certificate has expired': {
    else: 'SSLError CERT_EXPIRED',
    workerd: 'ConnectionError CONNECTION_FAILED',
    browser: 'no error',
    chromium: 'ConnectionError CONNECTION_FAILED',
  },
  'the certificate is for another host': {
    else: 'SSLError CERT_WRONG_HOST',
    workerd: 'ConnectionError CONNECTION_FAILED',
    ponyfill: 'SSLError CERT_UNKNOWN_AUTHORITY',
    browser: 'no error',
    chromium: 'ConnectionError CONNECTION_FAILED',
  },
  'the server wants a client certificate': {
    else: 'ConnectionError CONNECTION_RESET',
    bun: 'SSLError TLS_FAILED',
    workerd: 'ConnectionError CONNECTION_FAILED',
    ponyfill: 'SSLError CERT_UNKNOWN_AUTHORITY',
    browser: 'ConnectionError CONNECTION_FAILED',
    webkit: 'ReadTimeoutError READ_TIMEOUT',
  },
  'the proxy cannot be reached': {
    else: 'ProxyError PROXY_FAILED',
    workerd: 'UnsupportedError UNSUPPORTED',
    ponyfill: 'UnsupportedError UNSUPPORTED',
    browser: 'UnsupportedError UNSUPPORTED',
  },
  'the proxy wants credentials': {
    else: 'ProxyError PROXY_AUTHENTICATION',
    workerd: 'UnsupportedError UNSUPPORTED',
    ponyfill: 'UnsupportedError UNSUPPORTED',
    browser: 'UnsupportedError UNSUPPORTED',
  },
  'the SOCKS proxy refuses': {
    else: 'ProxyError PROXY_FAILED',
    bun: 'UnsupportedError UNSUPPORTED',
    workerd: 'UnsupportedError UNSUPPORTED',
    ponyfill: 'UnsupportedError UNSUPPORTED',
    browser: 'UnsupportedError UNSUPPORTED',
  },
  'too many redirects': {
    else: 'TooManyRedirectsError TOO_MANY_REDIRECTS',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'redirects in a loop': {
    else: 'TooManyRedirectsError REDIRECT_LOOP',
    browser: 'ConnectionError CONNECTION_FAILED',
  },
  'every retry was spent': { else: 'RetryError RETRIES_EXHAUSTED' },
  'a status of 400 or more, with raiseForStatus': { else: 'HTTPError HTTP_STATUS' },
  'the body is larger than maxBytes': { else: 'BodyTooLargeError BODY_TOO_LARGE' },
  'json() of something else': { else: 'JSONDecodeError INVALID_JSON' },
  'the URL has no scheme': { else: 'InvalidURLError INVALID_URL' },
  'a header value with a line break': { else: 'InvalidHeaderError INVALID_HEADER' },
  'the session is closed': { else: 'ConnectionError SESSION_CLOSED' },
  "the caller's signal": { else: 'RangeError' },
}
