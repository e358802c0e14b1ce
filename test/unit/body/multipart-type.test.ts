/** Which Content-Type of the caller's may stand before a body that we encode. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMultipartType } from '../../../src/body/multipart-type.ts'
import { InvalidHeaderError } from '../../../src/errors.ts'

const MADE = 'multipart/form-data; boundary=x'

test('no multipart type of the caller can name our boundary', () => {
  for (const own of ['multipart/form-data', 'Multipart/Mixed; boundary=y', ' multipart/related']) {
    assert.throws(() => {
      checkMultipartType(own, MADE)
    }, InvalidHeaderError)
  }
})

test('any other type, and any type before another body, is the caller’s to choose', () => {
  checkMultipartType('application/octet-stream', MADE)
  checkMultipartType('multipart/form-data', 'application/json')
})
