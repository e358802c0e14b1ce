/** Which bodies Bun is given as a text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textCarrier } from '../../../../adapters/bun/text-carrier.ts'
import { bytesSource, TextSource } from '../../../../src/body/source.ts'
import type { HeaderPairs } from '../../../../src/ports.ts'
import { wireRequest } from '../fetch/fixtures.ts'

const typed: HeaderPairs = [['content-type', 'text/x-test']]

test('a text with a Content-Type goes as it is, and its bytes are counted', () => {
  const request = wireRequest('POST', 'http://example.test/', { headers: typed })
  assert.equal(textCarrier(request, new TextSource('a€\ud800'))?.body, 'a€\ud800')
  assert.equal(request.deadline.sent, 7)
})

test('a text without a Content-Type, which would get one of Bun, and bytes go as bytes', () => {
  const untyped = wireRequest('POST', 'http://example.test/')
  assert.equal(textCarrier(untyped, new TextSource('a')), null)
  const request = wireRequest('POST', 'http://example.test/', { headers: typed })
  assert.equal(textCarrier(request, bytesSource(new Uint8Array(1))), null)
})

test('a text that is large or watched while it goes is opened as any other body', () => {
  const request = wireRequest('POST', 'http://example.test/', { headers: typed })
  assert.equal(textCarrier(request, new TextSource('€'.repeat(90_000))), null)
  const watched = { ...request, onSent: () => undefined }
  assert.equal(textCarrier(watched, new TextSource('a')), null)
})
