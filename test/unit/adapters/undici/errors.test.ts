/** The codes of undici and Node, and what becomes of them. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ConnectFailure, translateError } from '../../../../adapters/undici/errors.ts'
import { ConnectionError, isRequestError, ProxyError } from '../../../../src/errors.ts'
import { wireRequest } from './servers.ts'

const request = wireRequest('https://user.test/path?token=geheim')

function coded(code: string): Error {
  return Object.assign(new Error('foreign words'), { code })
}

const ROWS: readonly (readonly [code: string, name: string, ours: string])[] = [
  ['ECONNREFUSED', 'ConnectionError', 'CONNECTION_REFUSED'],
  ['ENOTFOUND', 'ConnectionError', 'DNS_FAILED'],
  ['EAI_AGAIN', 'ConnectionError', 'DNS_FAILED'],
  ['ECONNRESET', 'ConnectionError', 'CONNECTION_RESET'],
  ['UND_ERR_SOCKET', 'ConnectionError', 'CONNECTION_RESET'],
  ['EHOSTUNREACH', 'ConnectionError', 'HOST_UNREACHABLE'],
  ['ENETUNREACH', 'ConnectionError', 'HOST_UNREACHABLE'],
  ['UND_ERR_HEADERS_OVERFLOW', 'ConnectionError', 'INVALID_RESPONSE'],
  ['HPE_INVALID_CONSTANT', 'ConnectionError', 'INVALID_RESPONSE'],
  ['CERT_HAS_EXPIRED', 'SSLError', 'CERT_EXPIRED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SSLError', 'CERT_SELF_SIGNED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SSLError', 'CERT_UNKNOWN_AUTHORITY'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'SSLError', 'CERT_WRONG_HOST'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'SSLError', 'TLS_FAILED'],
  ['UND_ERR_INVALID_ARG', 'InvalidHeaderError', 'INVALID_HEADER'],
  ['UND_ERR_NOT_SUPPORTED', 'UnsupportedError', 'UNSUPPORTED'],
  ['constructor', 'ConnectionError', 'CONNECTION_FAILED'],
]

for (const [code, name, ours] of ROWS) {
  it(`${code} becomes ${name} ${ours}`, () => {
    const cause = coded(code)
    const failures = [cause, new ConnectFailure('connect', cause)]
    for (const failure of failures) {
      const error = translateError(failure, request, 'sent')
      assert.ok(isRequestError(error))
      assert.equal(error.name, name)
      assert.equal(error.code, ours)
      assert.equal(error.cause, cause)
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error.request)}`, /geheim/)
    }
  })
}

it('a failure of the proxy is told apart, whatever its code', () => {
  const error = translateError(new ConnectFailure('proxy', coded('ECONNREFUSED')), request, 'sent')
  assert.ok(error instanceof ProxyError && error instanceof ConnectionError)
})

it('everything that breaks a body is an incomplete body', () => {
  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'HPE_INVALID_CHUNK_SIZE']) {
    const error = translateError(coded(code), request, 'body')
    assert.ok(isRequestError(error))
    assert.equal(error.code, 'INCOMPLETE_BODY')
  }
})
