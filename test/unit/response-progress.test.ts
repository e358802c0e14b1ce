/** Bytes of a body counted while they are read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedBody } from '../../src/response-progress.ts'
import { FakeBody } from './decode/fakes.ts'

test('a listener that throws gives the body up: its connection would wait for a reader for ever', async () => {
  for (const read of ['read', 'collect'] as const) {
    const body = new FakeBody('a', 'b')
    const counted = countedBody(body, () => {
      throw new RangeError('mine')
    })
    await assert.rejects(read === 'read' ? counted.read() : counted.collect(10), RangeError)
    assert.equal(body.cancelled.length, 1)
  }
})
