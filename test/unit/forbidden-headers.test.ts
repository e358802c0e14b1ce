/** The headers that browsers reserve for themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isForbiddenHeader } from '../../src/forbidden-headers.ts'

test('the list of the Fetch standard, in any letter case', () => {
  for (const name of ['Cookie', 'HOST', 'accept-encoding', 'Via', 'Content-Length', 'DNT']) {
    assert.equal(isForbiddenHeader(name), true, name)
  }
  for (const name of ['Proxy-Authorization', 'Sec-Fetch-Mode', 'proxy-', 'sec-']) {
    assert.equal(isForbiddenHeader(name), true, name)
  }
  for (const name of ['Accept', 'X-Cookie', 'Authorization', 'Range', 'Security', 'If-Range']) {
    assert.equal(isForbiddenHeader(name), false, name)
  }
})

test('User-Agent counts too: Chromium drops it', () => {
  assert.equal(isForbiddenHeader('User-Agent'), true)
})

test('a method override is forbidden for forbidden methods only', () => {
  assert.equal(isForbiddenHeader('X-HTTP-Method-Override', 'PUT'), false)
  assert.equal(isForbiddenHeader('X-HTTP-Method-Override', 'PUT, trace'), true)
  assert.equal(isForbiddenHeader('X-Method-Override'), false)
})
