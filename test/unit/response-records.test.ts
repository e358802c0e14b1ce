/** Server-sent events and newline-delimited JSON, cut anywhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BodyTooLargeError, JSONDecodeError } from '../../src/errors.ts'
import { iterateEvents, iterateJSON } from '../../src/response-records.ts'
import { FakeBody } from './decode/fakes.ts'

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The same text in pieces of every size. */
function* cuts(text: string): Generator<FakeBody> {
  const bytes = Buffer.from(text)
  for (const size of [1, 2, 3, 5, 8, bytes.length]) {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
    yield new FakeBody(...pieces)
  }
}

const STREAM = [
  '\ufeff: a comment',
  'event: add',
  'data: é☃',
  'data',
  'data:  two spaces',
  'id: 7',
  '',
  'retry: 1500',
  'unknown: field',
  'data: {"a":1}',
  '',
  'event: no data, no event',
  '',
  'id',
  'data:last',
  '',
  'data: never finished',
]

test('events as HTML §9.2 reads them, over every line end', async () => {
  for (const end of ['\n', '\r', '\r\n']) {
    for (const body of cuts(STREAM.join(end))) {
      assert.deepEqual(await all(iterateEvents(body)), [
        { event: 'add', data: 'é☃\n\n two spaces', id: '7', retry: null },
        { event: 'message', data: '{"a":1}', id: '7', retry: 1500 },
        { event: 'message', data: 'last', id: '', retry: 1500 },
      ])
    }
  }
})

test('an id counts for what follows also where it comes without data', async () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const lines = [
      'id: 1',
      '',
      '',
      'data: a',
      '',
      'data:',
      '',
      'id',
      'event: x',
      '',
      'data',
      'data',
      '',
    ]
    for (const body of cuts([...lines, 'id: 2', '', 'id: 3'].join(end))) {
      const events = await all(iterateEvents(body))
      const seen = events.map(({ event, data, id }) => [event, data, id])
      assert.deepEqual(seen, [
        ['message', 'a', '1'],
        ['message', '', '1'],
        ['message', '\n', ''],
      ])
    }
  }
})

test('an event that grows beyond its limit is refused, and the body given up', async () => {
  const endless = new FakeBody(...Array.from({ length: 100 }, () => 'data: 0123456789\n'))
  await assert.rejects(all(iterateEvents(endless, { maxLength: 100 })), BodyTooLargeError)
  assert.equal(endless.cancelled.length, 1)
  assert.ok(endless.reads < 20)
  const whole = new FakeBody(`data: ${'x'.repeat(101)}\n\n`)
  await assert.rejects(all(iterateEvents(whole, { maxLength: 100 })), BodyTooLargeError)
})

test('line ends of every kind in one large chunk take linear time', async () => {
  const started = performance.now()
  const body = new FakeBody(`${'\n'.repeat(400_000)}\r`)
  assert.deepEqual(await all(iterateEvents(body)), [])
  assert.ok(performance.now() - started < 2000)
})

test('one JSON document per line, with white space and without a last line end', async () => {
  for (const body of cuts('{"a":"é☃"}\r\n\n 1 \n"\u2028"\nnull\n[2]')) {
    assert.deepEqual(await all(iterateJSON(body)), [{ a: 'é☃' }, 1, '\u2028', null, [2]])
  }
})

test('a line that is not JSON is named, and the body given up', async () => {
  const body = new FakeBody('1\n2\n{"a"\n4\n')
  await assert.rejects(all(iterateJSON(body)), (error) => {
    assert.ok(error instanceof JSONDecodeError)
    assert.match(error.message, /^Line 3 is not JSON: 4 characters, beginning with "\{"/)
    assert.equal(error.cause, undefined)
    return true
  })
  assert.equal(body.cancelled.length, 1)
})

test('a document that grows beyond its limit is refused', async () => {
  const body = new FakeBody('"', ...Array.from({ length: 100 }, () => '0123456789'))
  await assert.rejects(all(iterateJSON(body, { maxLength: 50 })), BodyTooLargeError)
  assert.ok(body.reads < 10)
})
