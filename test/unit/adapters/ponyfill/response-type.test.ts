/** The `Response` for engines that have none, over that of cross-fetch. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Response as CrossResponse } from 'cross-fetch'
import { streamingResponse } from '../../../../adapters/ponyfill/response-type.ts'
import { UnsupportedError } from '../../../../src/errors.ts'
import { streamOf } from '../fetch/fixtures.ts'

const Response = streamingResponse(CrossResponse)
const text = '{"a":"é"}'
const bytes = new TextEncoder().encode(text)

test('bytes and streams are read as text, JSON and bytes', async () => {
  for (const content of [() => bytes, () => streamOf([bytes.subarray(0, 7), bytes.subarray(7)])]) {
    // The core gives bytes and streams on memory that is not shared.
    const make = (): globalThis.Response => new Response(content() as BodyInit, { status: 201 })
    assert.equal(await make().text(), text)
    assert.deepEqual(await make().json(), { a: 'é' })
    assert.deepEqual(new Uint8Array(await make().arrayBuffer()), bytes)
    assert.equal(make().status, 201)
    assert.ok(make().body instanceof ReadableStream)
  }
})

test('a body is read once', async () => {
  const response = new Response(bytes)
  assert.equal(response.bodyUsed, false)
  await response.text()
  assert.equal(response.bodyUsed, true)
  await assert.rejects(response.text(), TypeError)
  assert.throws(() => response.clone(), UnsupportedError)
})

test('no body is no stream', async () => {
  const response = new Response(null, { status: 204, headers: { 'X-A': '1' } })
  assert.equal(response.body, null)
  assert.equal(await response.text(), '')
  assert.equal(response.headers.get('x-a'), '1')
})
