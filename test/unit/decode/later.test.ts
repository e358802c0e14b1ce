/** A body whose decoding is loaded when it is first read behaves like one that has it already. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decodeLater } from '../../../src/decode/later.ts'
import type { WireBody } from '../../../src/ports.ts'
import { FakeBody, zlibDecoders } from './fakes.ts'

function decoded(body: WireBody): WireBody {
  return decodeLater(body, {
    codings: ['gzip'],
    undone: [],
    platform: { decoders: zlibDecoders(), runtime: 'node' },
    maxBytes: Infinity,
    guardRatio: true,
  })
}

test('a body that is cancelled before it is read gives its source up, and reads no more', async () => {
  const source = new FakeBody(gzipSync('text'))
  const body = decoded(source)
  const reason = new Error('enough')
  body.cancel(reason)
  assert.equal(source.cancelled[0], reason)
  await assert.rejects(body.read(), (error) => error === reason)
})

test('it is decoded, whole and in pieces, the first time and later', async () => {
  for (let time = 0; time < 2; time++) {
    const whole = await decoded(new FakeBody(gzipSync('text'))).collect(100)
    assert.equal(Buffer.from(whole).toString(), 'text')
    const piece = await decoded(new FakeBody(gzipSync('text'))).read()
    assert.equal(Buffer.from(piece ?? []).toString(), 'text')
  }
})
