/** Reading a response body over a native stream, within its limits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendByFetch } from '../../../../adapters/fetch/send.ts'
import { BodyTooLargeError, IncompleteBodyError } from '../../../../src/errors.ts'
import type { WireBody } from '../../../../src/ports.ts'
import { dialectOf, streamOf, wireRequest } from './fixtures.ts'

const URL = 'http://example.test/'
const fill = (size: number, value: number): Uint8Array => new Uint8Array(size).fill(value)

async function bodyOf(
  chunks: readonly Uint8Array[],
  headers: Record<string, string> = {},
  then?: Error,
): Promise<WireBody> {
  const dialect = dialectOf(async () => new Response(streamOf(chunks, then), { headers }))
  return (await sendByFetch(dialect, wireRequest('GET', URL))).body
}

test('collect puts pieces together, with and without an announced length', async () => {
  const chunks = [fill(3, 1), fill(0, 0), fill(4, 2)]
  const expected = new Uint8Array([1, 1, 1, 2, 2, 2, 2])
  assert.deepEqual(await (await bodyOf(chunks)).collect(7), expected)
  const announced = await bodyOf(chunks, { 'content-length': '7' })
  assert.deepEqual(await announced.collect(7), expected)
})

test('collect gives up above its limit, announced or not', async () => {
  await assert.rejects((await bodyOf([fill(3, 1), fill(3, 1)])).collect(5), BodyTooLargeError)
  const announced = await bodyOf([fill(6, 1)], { 'content-length': '6' })
  await assert.rejects(announced.collect(5), BodyTooLargeError)
})

test('a length that lies neither cuts nor repeats anything', async () => {
  const more = await bodyOf([fill(2, 1), fill(3, 2), fill(1, 3)], { 'content-length': '4' })
  assert.deepEqual(await more.collect(100), new Uint8Array([1, 1, 2, 2, 2, 3]))
  const huge = await bodyOf([fill(2, 1)], { 'content-length': '99999999999999' })
  await assert.rejects(huge.collect(Infinity), IncompleteBodyError)
})

test('a body that ends early or breaks is an IncompleteBodyError', async () => {
  const short = await bodyOf([fill(2, 1)], { 'content-length': '3' })
  await assert.rejects(short.collect(9), IncompleteBodyError)
  const broken = await bodyOf([fill(2, 1)], {}, new TypeError('terminated'))
  await assert.rejects(broken.collect(9), IncompleteBodyError)
})

test('a coded body is not measured by its Content-Length', async () => {
  const coded = await bodyOf([fill(9, 1)], { 'content-length': '3', 'content-encoding': 'gzip' })
  assert.equal((await coded.collect(9)).length, 9)
})

test('a response without a stream gives its bytes at once, or its failure', async () => {
  for (const then of [undefined, new TypeError('terminated')]) {
    const native = new Response(streamOf([fill(2, 1), fill(1, 2)], then))
    Object.defineProperty(native, 'body', { value: undefined })
    const { body } = await sendByFetch(
      dialectOf(async () => native),
      wireRequest('GET', URL),
    )
    if (then === undefined) assert.deepEqual(await body.collect(9), new Uint8Array([1, 1, 2]))
    else await assert.rejects(body.collect(9), IncompleteBodyError)
  }
})

test('cancel rejects the read under way with its reason, and may be repeated', async () => {
  const never = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) })
  const dialect = dialectOf(async () => new Response(never))
  const { body } = await sendByFetch(dialect, wireRequest('GET', URL))
  const reading = body.read()
  const reason = new Error('enough')
  body.cancel(reason)
  body.cancel(new Error('again'))
  await assert.rejects(reading, (error) => error === reason)
  assert.equal(await body.read(), null)
})

test('the native stream can be had until something has been read', async () => {
  const body = await bodyOf([fill(1, 1), fill(1, 2)])
  assert.ok(body.native instanceof ReadableStream)
  await body.read()
  assert.equal(body.native, null)
})
