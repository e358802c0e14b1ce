/** The table from the codes of runtimes to the codes of ours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { translateCode } from '../../../../adapters/fetch/errors.ts'
import { translateOpaque } from '../../../../adapters/fetch/opaque-error.ts'
import { ConnectionError, IncompleteBodyError, SSLError } from '../../../../src/errors.ts'
import { wireRequest } from './fixtures.ts'

const request = wireRequest('GET', 'https://example.test/')
const withCode = (code: string): Error => Object.assign(new Error(code), { code })

const TABLE = [
  ['ECONNREFUSED', ConnectionError, 'CONNECTION_REFUSED'],
  ['ConnectionRefused', ConnectionError, 'CONNECTION_REFUSED'],
  ['ENOTFOUND', ConnectionError, 'DNS_FAILED'],
  ['EAI_AGAIN', ConnectionError, 'DNS_FAILED'],
  ['ECONNRESET', ConnectionError, 'CONNECTION_RESET'],
  ['EHOSTUNREACH', ConnectionError, 'HOST_UNREACHABLE'],
  ['Malformed_HTTP_Response', ConnectionError, 'INVALID_RESPONSE'],
  ['InvalidContentLength', ConnectionError, 'INVALID_RESPONSE'],
  ['UnsupportedTransferEncoding', ConnectionError, 'INVALID_RESPONSE'],
  ['HPE_INVALID_CONSTANT', ConnectionError, 'INVALID_RESPONSE'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', SSLError, 'CERT_SELF_SIGNED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', SSLError, 'CERT_UNKNOWN_AUTHORITY'],
  ['CERT_HAS_EXPIRED', SSLError, 'CERT_EXPIRED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', SSLError, 'CERT_WRONG_HOST'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', SSLError, 'TLS_FAILED'],
] as const

for (const [code, kind, expected] of TABLE) {
  test(`${code} is ${expected}`, () => {
    const error = translateCode(withCode(code), request, 'send')
    assert.ok(error instanceof kind)
    assert.equal(error.code, expected)
  })
}

test('a reset while the body is read, or a chunk that is none, is an IncompleteBodyError', () => {
  for (const code of ['ECONNRESET', 'InvalidHTTPResponse', 'HPE_INVALID_CHUNK_SIZE']) {
    assert.ok(translateCode(withCode(code), request, 'body') instanceof IncompleteBodyError)
  }
})

test('an unknown code, or none, says nothing before the answer', () => {
  assert.equal(translateCode(withCode('EWHATEVER'), request, 'send'), null)
  assert.equal(translateCode(new Error('plain'), request, 'send'), null)
  assert.equal(translateCode(null, request, 'body'), null)
})

test('an opaque failure keeps the words of the engine and its cause', () => {
  const cause = new TypeError('Failed to fetch')
  const error = translateOpaque(cause, request, 'send', 'Browsers hide the reason.')
  assert.match(
    error.message,
    /GET https:\/\/example\.test\/ failed after \d+ milliseconds: Failed to fetch\. Browsers hide/,
  )
  assert.equal(error.cause, cause)
  assert.match(translateOpaque('text', request, 'send', '').message, /no reason given/)
})
