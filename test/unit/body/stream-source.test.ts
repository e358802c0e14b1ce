/** Streams and iterables: sent once, pulled on demand, given up when the request is. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { streamSource } from '../../../src/body/stream-source.ts'
import { pumpBody } from '../../../src/body/pump.ts'
import { readChunks, readText } from './read-body.ts'

test('web streams, async and sync iterables, Node streams: bytes, buffers and strings', async () => {
  const chunks = [
    'a',
    new Uint8Array([98]),
    new Uint8Array([99]).buffer,
    new DataView(new ArrayBuffer(1)),
  ]
  const web = new ReadableStream({
    pull(controller) {
      const next = chunks[at++]
      if (next === undefined) controller.close()
      else controller.enqueue(next)
    },
  })
  let at = 0
  assert.equal(await readText(streamSource(web)), 'abc\0')
  assert.equal(await readText(streamSource(new Set(chunks))), 'abc\0')
  assert.equal(await readText(streamSource(Readable.from(['a', Buffer.from('b')]))), 'ab')
  const body = await streamSource(new Set()).open()
  assert.deepEqual(await readChunks(body), [])
})

test('a second opening is an UnrewindableBodyError', async () => {
  const source = streamSource(new Set(['a']))
  assert.equal(source.replayable, false)
  await source.open()
  assert.throws(() => source.open(), { name: 'UnrewindableBodyError' })
})

test('a locked stream is a TypeError when it is opened', () => {
  const stream = new ReadableStream()
  stream.getReader()
  assert.throws(() => streamSource(stream).open(), { name: 'TypeError', message: /locked/ })
})

test('anything but bytes and strings is a TypeError that names it', async () => {
  const numbers = streamSource(new Set([1]))
  await assert.rejects(readText(numbers), { name: 'TypeError', message: /not number/ })
})

test('nothing is pulled before it is asked for', async () => {
  let pulled = 0
  const stream = new ReadableStream(
    {
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1))
      },
    },
    { highWaterMark: 0 },
  )
  const pump = pumpBody(await streamSource(stream).open())
  assert.equal(pulled, 0)
  await pump.next()
  await pump.next()
  assert.equal(pulled, 2)
})

test('small values of a synchronous iterable are joined', async () => {
  const lines = Array.from({ length: 10_000 }, (_, line) => `line ${String(line)}\n`)
  const body = await streamSource(new Set(lines)).open()
  const chunks = await readChunks(body)
  assert.equal(chunks.length, 2)
  assert.equal(Buffer.concat(chunks).toString(), lines.join(''))
})

test('a synchronous generator may fill the buffer it has given again', async () => {
  const source = streamSource({
    *[Symbol.iterator]() {
      const buffer = new Uint8Array(30_000)
      for (let at = 0; at < 7; at++) yield buffer.fill(at)
    },
  })
  const bytes = Buffer.concat(await readChunks(await source.open()))
  const expected = Array.from({ length: 7 }, (_, at) => Buffer.alloc(30_000, at))
  assert.ok(bytes.equals(Buffer.concat(expected)))
})

test('closing cancels a web stream with the reason, and what waits for it fails', async () => {
  let cancelled: unknown
  const stream = new ReadableStream({
    cancel(reason) {
      cancelled = reason
    },
  })
  const body = await streamSource(stream).open()
  const next = pumpBody(body).next()
  const reason = new Error('aborted')
  await body.close(reason)
  await assert.rejects(next, (error) => error === reason)
  assert.equal(cancelled, reason)
})

test('closing runs the finally of a generator, async or not', async () => {
  let ran = 0
  async function* slow(): AsyncGenerator<string> {
    try {
      yield await Promise.resolve('a')
    } finally {
      ran += 1
    }
  }
  function* quick(): Generator<Uint8Array> {
    try {
      yield new Uint8Array(100_000)
      yield new Uint8Array(1)
    } finally {
      ran += 1
    }
  }
  for (const input of [slow(), quick()]) {
    const body = await streamSource(input).open()
    const pump = pumpBody(body)
    await pump.next()
    await body.close(new Error('aborted'))
    await assert.rejects(pump.next(), { message: 'aborted' })
  }
  assert.equal(ran, 2)
})

test('a stream that fails to cancel disturbs nobody', async () => {
  const stream = new ReadableStream({ cancel: () => Promise.reject(new Error('no')) })
  const body = await streamSource(stream).open()
  await body.close()
})
