/** The codes of undici and of Node's network modules, translated into the errors of ours. */
import {
  ConnectionError,
  IncompleteBodyError,
  InvalidHeaderError,
  ProxyError,
  RequestError,
  SSLError,
  UnsupportedError,
} from '../../src/errors.ts'
import type { ErrorDetails, ProxyAnswer } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { redactURL } from '../../src/shown-url.ts'

export type Stage = 'connect' | 'proxy' | 'sent' | 'body'

/**
 * Says where connecting failed. It also keeps undici from reading the code: one that means "other
 * side closed" would make it connect again, without end.
 */
export class ConnectFailure extends Error {
  readonly stage: 'connect' | 'proxy'
  constructor(stage: 'connect' | 'proxy', cause: unknown) {
    super('The connection could not be made.', { cause })
    this.stage = stage
  }
}

/** @param stage how far the request had come. */
export function translateError(error: unknown, request: WireRequest, stage: Stage): unknown {
  // The innermost knows best where it was.
  if (error instanceof ConnectFailure) return translateError(error.cause, request, error.stage)
  if (error instanceof RequestError) return error
  const what = `${request.method} ${redactURL(request.url)}`
  const details = { cause: error, request: { method: request.method, url: redactURL(request.url) } }
  const code = codeOf(error)
  const { elapsed, received } = request.deadline
  const tail = `(${code}, after ${String(Math.round(elapsed))} milliseconds)`
  if (stage === 'body') {
    return new IncompleteBodyError(
      `${what}: the connection ended before the body of the answer was complete, after ${String(received)} bytes ${tail}. Send the request again.`,
      details,
    )
  }
  const fault: Fault = { what, code, tail, request, details }
  if (stage === 'proxy') return proxyError(fault, error)
  return argumentError(fault, error) ?? tlsError(fault) ?? connectionError(fault)
}

interface Fault {
  /** Method and URL. */
  readonly what: string
  readonly code: string
  /** Of the message: the code, and when. */
  readonly tail: string
  readonly request: WireRequest
  readonly details: ErrorDetails
}

export function tooLargeWords({ method, url }: WireRequest, limit: number): string {
  return `${method} ${redactURL(url)}: the body is larger than ${String(limit)} bytes (maxBytes). Raise maxBytes, or stream the response.`
}

/** Whether a socket that had served before died without a word. */
export function isDeadSocket(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/** Undici wants an error to abort with, and shows it to diagnostics. */
export function toAbort(reason: unknown): Error {
  return reason instanceof Error ? reason : new ConnectionError('The request was given up.')
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code === 'string') return code
  const name: unknown = Reflect.get(error, 'name')
  return typeof name === 'string' ? name : 'Error'
}

/** Codes of OpenSSL and of Deno's rustls-backed `node:tls`, by what is wrong with a certificate. */
const CERTIFICATE_CODES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'CERT_EXPIRED',
  CERT_NOT_YET_VALID: 'CERT_EXPIRED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CERT_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_GET_ISSUER_CERT: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CERT_UNKNOWN_AUTHORITY',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CERT_UNKNOWN_AUTHORITY',
  CERT_UNTRUSTED: 'CERT_UNKNOWN_AUTHORITY',
  INVALID_CA: 'CERT_UNKNOWN_AUTHORITY',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CERT_WRONG_HOST',
  HOSTNAME_MISMATCH: 'CERT_WRONG_HOST',
  CERT_REVOKED: 'TLS_FAILED',
  CERT_REJECTED: 'TLS_FAILED',
  CERT_SIGNATURE_FAILURE: 'TLS_FAILED',
  CERT_CHAIN_TOO_LONG: 'TLS_FAILED',
  INVALID_PURPOSE: 'TLS_FAILED',
  EPROTO: 'TLS_FAILED',
}

const CERTIFICATE_WORDS: Readonly<Record<string, string>> = {
  CERT_EXPIRED:
    'the certificate of the server is not valid at this time. Renew it, or check the clock.',
  CERT_SELF_SIGNED:
    'the certificate of the server is self-signed. Pass its authority as `verify` to trust it.',
  CERT_UNKNOWN_AUTHORITY:
    'the certificate of the server comes from an authority that is not trusted. Pass that authority as `verify` to trust it.',
  CERT_WRONG_HOST: 'the certificate of the server is for another host name.',
  TLS_FAILED: 'the TLS handshake failed. The cause says why.',
}

function tlsError({ what, code, tail, details }: Fault): SSLError | null {
  const known = Object.hasOwn(CERTIFICATE_CODES, code) ? CERTIFICATE_CODES[code] : undefined
  const isTls = known !== undefined || /^ERR_(?:SSL|TLS|OSSL)_/.test(code)
  if (!isTls) return null
  const ours = known ?? 'TLS_FAILED'
  return new SSLError(`${what}: ${CERTIFICATE_WORDS[ours] ?? ''} ${tail}`, {
    ...details,
    code: ours,
  })
}

function connectionError({ what, code, tail, request, details }: Fault): ConnectionError {
  const { url, socketPath } = request
  const at = socketPath === null ? url.host : `the socket ${socketPath}`
  const [ours, words] = connectionWords(isUnasked(details.cause) ? UNASKED : code, at, url.hostname)
  return new ConnectionError(`${what}: ${words} ${tail}`, { ...details, code: ours })
}

/** Of llhttp and of undici. */
const NOT_HTTP = /^(?:HPE_|HTTPParserError$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$)/

/** Undici closes the connection by itself on a 100 or 101 that nobody asked for. */
const UNASKED = 'HTTPParserError'

function isUnasked(error: unknown): boolean {
  return error instanceof Error && /^bad (?:response|upgrade)$/.test(error.message)
}

function connectionWords(code: string, at: string, name: string): readonly [string, string] {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return ['CONNECTION_REFUSED', `${at} refuses connections. Is the server running?`]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_FAIL':
      return ['DNS_FAILED', `the host name ${name} has no address. Check its spelling.`]
    case 'ADDRESS_REFUSED':
      return [code, `no address of ${name} is one that allowAddress lets through.`]
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'ETIMEDOUT':
      return ['HOST_UNREACHABLE', `there is no way to ${at}. Check the network.`]
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return ['CONNECTION_RESET', `${at} closed the connection without an answer.`]
    case 'UND_ERR_CLOSED':
    case 'UND_ERR_DESTROYED':
      return ['SESSION_CLOSED', 'the session or transport has been closed. Open a new one.']
    case 'UND_ERR_HEADERS_OVERFLOW':
      return ['INVALID_RESPONSE', `the header section of the answer is larger than 64 KiB.`]
    default:
      if (NOT_HTTP.test(code)) {
        return ['INVALID_RESPONSE', `${at} answered with something that is not HTTP.`]
      }
      return ['CONNECTION_FAILED', 'the connection failed. The cause says why.']
  }
}

/** What undici refuses to send, such as `Expect` or `Upgrade`. */
function argumentError({ what, code, details }: Fault, error: unknown): RequestError | null {
  const said = error instanceof Error ? error.message : ''
  if (code === 'UND_ERR_NOT_SUPPORTED') {
    return new UnsupportedError(`${what}: this cannot be sent (${said}). Leave it out.`, details)
  }
  if (code !== 'UND_ERR_INVALID_ARG') return null
  return new InvalidHeaderError(`${what}: the request cannot be sent (${said}).`, details)
}

function proxyError({ what, tail, request, details }: Fault, error: unknown): ProxyError {
  const proxy = request.proxy === null ? 'the proxy' : `the proxy ${request.proxy.url.host}`
  if (!(error instanceof TunnelRefused)) {
    return new ProxyError(`${what}: ${proxy} could not be used. Is it running? ${tail}`, details)
  }
  const advice = error.isAuthentication ? ' Put user name and password into the proxy URL.' : ''
  return new ProxyError(`${what}: ${proxy} refused the tunnel: ${error.message}.${advice}`, {
    ...details,
    code: error.isAuthentication ? 'PROXY_AUTHENTICATION' : 'PROXY_FAILED',
    answer: error.answer,
  })
}

/** The proxy was reached, and said no. */
export class TunnelRefused extends Error {
  /** User name and password were wanted, or are wrong. */
  readonly isAuthentication: boolean
  /** Of a proxy that speaks HTTP. */
  readonly answer: ProxyAnswer | undefined
  constructor(why: string, isAuthentication = false, answer?: ProxyAnswer) {
    super(why)
    this.isAuthentication = isAuthentication
    this.answer = answer
  }
}
