/** The lines between drivers and launcher. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMessage, describeError, encodeMessage } from '../../drivers/protocol.ts'

test('a message survives the way through a line of output', () => {
  const message = { kind: 'result', name: 'ä\n"', status: 'passed', ms: 1 } as const
  const line = encodeMessage(message)
  assert.equal(line.includes('\n'), false)
  assert.deepEqual(decodeMessage(`noise ${line}`), message)
})

test('other lines and lines cut short are no messages', () => {
  assert.equal(decodeMessage('hello'), null)
  assert.equal(decodeMessage(encodeMessage({ kind: 'end' }).slice(0, -3)), null)
})

test('an error is described with its code, its frames and its cause', () => {
  const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'X' })
  const text = describeError(error)
  assert.match(text, /^TypeError: outer \[X\]\n/)
  assert.match(text, /caused by Error: inner/)
})

test('what is no error is described as it is', () => {
  assert.equal(describeError('text'), 'thrown: text')
  assert.equal(describeError(undefined), 'thrown: undefined')
})
