/** Chunks of equal size, text and lines, and leaving early. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iterateChunks, iterateLines, iterateText } from '../../src/response-iterate.ts'
import { RawBody } from '../../src/response-raw.ts'
import { FakeBody } from './decode/fakes.ts'

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

test('without a size, chunks come as they arrive', async () => {
  const chunks = await all(iterateChunks(new FakeBody('ab', 'c', 'def')))
  assert.deepEqual(
    chunks.map((chunk) => Buffer.from(chunk).toString()),
    ['ab', 'c', 'def'],
  )
})

test('with a size, every chunk but the last has exactly that many bytes', async () => {
  const source = Buffer.from(Array.from({ length: 97 }, (_, index) => index))
  for (const arrival of [1, 3, 10, 97]) {
    for (const size of [1, 2, 3, 7, 10, 96, 97, 1000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < 97; at += arrival) pieces.push(source.subarray(at, at + arrival))
      const chunks = await all(iterateChunks(new FakeBody(...pieces), size))
      assert.deepEqual(Buffer.concat(chunks), source)
      const last = chunks.pop()
      assert.ok(chunks.every((chunk) => chunk.length === size))
      assert.equal(last?.length, 97 % size || size)
    }
  }
})

test('a size that is no number of bytes is a mistake of the caller, told at once', () => {
  for (const size of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => iterateChunks(new FakeBody(), size), RangeError)
  }
  assert.throws(() => iterateChunks(new FakeBody(), '8' as unknown as number), TypeError)
})

test('leaving the loop early cancels the body once; going to its end does not', async () => {
  const left = new FakeBody('a\n', 'b\n', 'c\n')
  for await (const line of iterateLines(left, null)) if (line === 'a') break
  assert.equal(left.cancelled.length, 1)
  assert.equal(left.reads, 1)
  const read = new FakeBody('abc', 'def')
  await all(iterateChunks(read, 2))
  assert.equal(read.cancelled.length, 0)
})

test('an error of the body reaches the loop', async () => {
  const cut = new Error('cut')
  await assert.rejects(all(iterateChunks(new FakeBody('a', cut), 4)), (error) => error === cut)
})

test('text is whole across chunks', async () => {
  const euro = Buffer.from('a€')
  const parts = await all(iterateText(new FakeBody(euro.subarray(0, 2), euro.subarray(2)), null))
  assert.deepEqual(parts, ['a', '€'])
})

test('lines end at LF, CR LF and CR, wherever chunks are cut', async () => {
  const source = 'one\ntwo\r\nthree\rfour\n\n\r\n\rlast\u2028same'
  const lines = ['one', 'two', 'three', 'four', '', '', '', 'last\u2028same']
  const bytes = Buffer.from(source)
  for (let size = 1; size <= bytes.length; size++) {
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
    assert.deepEqual(await all(iterateLines(new FakeBody(...chunks), null)), lines)
  }
})

test('an end at the very end makes no further line', async () => {
  assert.deepEqual(await all(iterateLines(new FakeBody('a\n'), null)), ['a'])
  assert.deepEqual(await all(iterateLines(new FakeBody('a\r', '\n'), null)), ['a'])
  assert.deepEqual(await all(iterateLines(new FakeBody(), null)), [])
})

test('a line is given as soon as its end is seen', async () => {
  const body = new FakeBody('a\r', 'b\n')
  const lines = iterateLines(body, null)
  assert.deepEqual(await lines.next(), { value: 'a', done: false })
  assert.equal(body.reads, 1)
})

test('raw bytes are read exactly, then iterated, and end empty', async () => {
  const raw = new RawBody(new FakeBody('abc', 'defg', 'h', 'ij'))
  assert.equal(Buffer.from(await raw.read(5)).toString(), 'abcde')
  assert.equal((await raw.read(0)).length, 0)
  assert.deepEqual(
    (await all(raw)).map((chunk) => Buffer.from(chunk).toString()),
    ['fg', 'h', 'ij'],
  )
  assert.equal((await raw.read(4)).length, 0)
  const rest = await new RawBody(new FakeBody('ab', 'c')).read()
  assert.equal(Buffer.from(rest).toString(), 'abc')
  await assert.rejects(raw.read(-1), RangeError)
})
