/** The states of a body: kept or not, handed on, cloned, dropped. */
import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { dropWatch } from '../../src/drops.ts'
import { BodyTooLargeError, StreamConsumedError } from '../../src/errors.ts'
import { ResponseBody } from '../../src/response-body.ts'
import type { BodyLayers } from '../../src/response-body.ts'
import { FakeBody } from './decode/fakes.ts'

function layersOver(body: FakeBody, more: Partial<BodyLayers> = {}): BodyLayers {
  return { decoded: body, coded: null, wire: body, keepLimit: Infinity, ...more }
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += Buffer.from(chunk).toString()
  return text
}

test('what is kept has a limit, what is iterated has none', async () => {
  const kept = new ResponseBody(layersOver(new FakeBody('abc', 'def'), { keepLimit: 5 }))
  await assert.rejects(kept.take(), BodyTooLargeError)
  const iterated = new ResponseBody(layersOver(new FakeBody('abc', 'def'), { keepLimit: 5 }))
  assert.equal(await readAll(iterated.stream()), 'abcdef')
})

test('both bodies of a tee read everything, in any order, within the limit', async () => {
  const body = new ResponseBody(layersOver(new FakeBody('abc', 'def'), { keepLimit: 6 }))
  const other = body.tee()
  assert.equal(Buffer.from(await other.take()).toString(), 'abcdef')
  assert.equal(body.used, false)
  assert.equal(Buffer.from(await body.take()).toString(), 'abcdef')
  await assert.rejects(body.take(), StreamConsumedError)
  const large = new ResponseBody(layersOver(new FakeBody('abc', 'def'), { keepLimit: 5 }))
  await assert.rejects(large.tee().take(), BodyTooLargeError)
})

test('the runtime’s own stream is handed on once, and only while nobody has touched the body', () => {
  const native = new ReadableStream<Uint8Array>()
  const untouched = new ResponseBody(layersOver(new FakeBody('a'), { native: () => native }))
  assert.equal(untouched.handOn(), native)
  assert.ok(untouched.used)
  const touched = new ResponseBody(layersOver(new FakeBody('a'), { native: () => native }))
  const own = touched.stream()
  assert.equal(touched.handOn(), own)
})

test('a hook that has read the body leaves it readable where it was kept', async () => {
  const body = new ResponseBody(layersOver(new FakeBody('abc')))
  await body.take()
  await body.buffer()
  assert.equal(Buffer.from(body.content).toString(), 'abc')
  assert.equal(body.used, false)
})

test('a body that is dropped unread is given up; one that is being read is not', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const dropped = new FakeBody('a')
  const read = new FakeBody('a', 'b')
  const reader = ((): { read(): Promise<Uint8Array | null> } => {
    new ResponseBody(layersOver(dropped, { drops: dropWatch }))
    return new ResponseBody(layersOver(read, { drops: dropWatch })).reader()
  })()
  for (let round = 0; round < 100 && dropped.cancelled.length === 0; round++) {
    collect()
    await setImmediate()
  }
  assert.equal(dropped.cancelled.length, 1)
  assert.equal(read.cancelled.length, 0)
  assert.equal(Buffer.from((await reader.read()) ?? []).toString(), 'a')
})
