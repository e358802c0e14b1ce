/** The errors of a `fetch` that tells a code. */
import {
  ConnectionError,
  ContentDecodingError,
  IncompleteBodyError,
  SSLError,
} from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { errorRequest, nameRequest, timeOf } from './about.ts'
import type { Phase } from './dialect.ts'

/** By the code that the runtime gives; null when the code says nothing. */
export function translateCode(error: unknown, request: WireRequest, phase: Phase): Error | null {
  const code = codeOf(error)
  if (code === null) return null
  const details = { cause: error, request: errorRequest(request) }
  const name = nameRequest(request)
  const certificate = CERTIFICATE[code] ?? (TLS.test(code) ? 'TLS_FAILED' : undefined)
  if (certificate !== undefined) {
    return new SSLError(
      `${name}: ${TLS_REASON[certificate] ?? ''} (${code}), ${timeOf(request)}.`,
      {
        ...details,
        code: certificate,
      },
    )
  }
  // zlib of Node, under a fetch that decodes by itself.
  if (phase === 'body' && /^(?:Z_|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code)) {
    return new ContentDecodingError(
      `${name}: the content coding of the answer is broken (${code}), ${timeOf(request)}.`,
      details,
    )
  }
  const known = code.startsWith('HPE_') ? 'INVALID_RESPONSE' : CONNECTION[code]
  if (phase === 'body') {
    return new IncompleteBodyError(
      `${name}: the connection broke while the body was read (${code}), ${timeOf(request)}.`,
      details,
    )
  }
  if (known === undefined) return null
  return new ConnectionError(`${name}: ${REASON[known] ?? ''} (${code}), ${timeOf(request)}.`, {
    ...details,
    code: known,
  })
}

export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' && error.code !== '' ? error.code : null
}

/** `CERT_…`, `ERR_TLS_…`, `ERR_SSL_…` of OpenSSL and BoringSSL. */
const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|SSL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/

const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'CERT_EXPIRED',
  CERT_NOT_YET_VALID: 'CERT_EXPIRED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CERT_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_GET_ISSUER_CERT: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CERT_UNKNOWN_AUTHORITY',
  CERT_UNTRUSTED: 'CERT_UNKNOWN_AUTHORITY',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CERT_WRONG_HOST',
  HOSTNAME_MISMATCH: 'CERT_WRONG_HOST',
}

const TLS_REASON: Readonly<Record<string, string>> = {
  CERT_EXPIRED: 'the certificate is not valid at this time',
  CERT_SELF_SIGNED: 'the certificate is self-signed; pass its authority as `verify`',
  CERT_UNKNOWN_AUTHORITY:
    'the authority of the certificate is not known; pass it as `verify` if you trust it',
  CERT_WRONG_HOST: 'the certificate is for another host',
  TLS_FAILED: 'the TLS handshake failed',
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  ConnectionRefused: 'CONNECTION_REFUSED',
  ENOENT: 'CONNECTION_REFUSED',
  FailedToOpenSocket: 'CONNECTION_REFUSED',
  ENOTFOUND: 'DNS_FAILED',
  EAI_AGAIN: 'DNS_FAILED',
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  ConnectionClosed: 'CONNECTION_RESET',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  Malformed_HTTP_Response: 'INVALID_RESPONSE',
  InvalidHTTPResponse: 'INVALID_RESPONSE',
  InvalidContentLength: 'INVALID_RESPONSE',
  UnsupportedTransferEncoding: 'INVALID_RESPONSE',
  UnrequestedUpgrade: 'INVALID_RESPONSE',
}

const REASON: Readonly<Record<string, string>> = {
  CONNECTION_REFUSED: 'the connection was refused',
  DNS_FAILED: 'the host name could not be resolved',
  CONNECTION_RESET: 'the connection was closed before the answer came',
  HOST_UNREACHABLE: 'the host cannot be reached',
  INVALID_RESPONSE: 'the answer is not valid HTTP',
}
