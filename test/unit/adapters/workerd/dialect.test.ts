/** What workerd is told, how its bodies are read, and its errors. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byobReader } from '../../../../adapters/workerd/byob-reader.ts'
import { workerdDialect } from '../../../../adapters/workerd/dialect.ts'
import { translateWorkerdError } from '../../../../adapters/workerd/errors.ts'
import {
  ConnectionError,
  ContentDecodingError,
  IncompleteBodyError,
  UnsupportedError,
} from '../../../../src/errors.ts'
import { streamOf, wireRequest } from '../fetch/fixtures.ts'

const request = wireRequest('GET', 'http://example.test/')

test('init has only keys that were asked for: workerd refuses some that are merely there', () => {
  const init = { cache: 'no-store', credentials: 'omit', mode: 'cors', cf: { cacheTtl: 1 } }
  const given = wireRequest('GET', 'http://example.test/', { init, credentials: 'omit' })
  assert.deepEqual(Object.keys(workerdDialect.init(given, {})).sort(), [
    'cache',
    'cf',
    'encodeResponseBody',
  ])
})

test('"error" is sent as "manual", which the core understands', () => {
  const given = wireRequest('GET', 'http://example.test/', { redirect: 'error' })
  assert.equal(Reflect.get(workerdDialect.init(given, {}), 'redirect'), 'manual')
})

test('a header value that would go out as UTF-8 is refused', () => {
  const given = wireRequest('GET', 'http://example.test/', { headers: [['X-A', 'caf\xe9']] })
  assert.throws(() => workerdDialect.refuse(given), UnsupportedError)
})

test('errors are told apart as far as workerd lets them', () => {
  const lost = new Error('Network connection lost.')
  assert.ok(translateWorkerdError(lost, request, 'send') instanceof ConnectionError)
  assert.ok(translateWorkerdError(lost, request, 'body') instanceof IncompleteBodyError)
  const gzip = new TypeError('Gzip compressed stream ended prematurely.')
  assert.ok(translateWorkerdError(gzip, request, 'body') instanceof ContentDecodingError)
})

test('a little data does not hold a large buffer', async () => {
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3]))
      controller.close()
    },
  })
  const reader = byobReader(stream)
  const { value } = await reader.read()
  assert.deepEqual(value, new Uint8Array([1, 2, 3]))
  assert.equal(value?.buffer.byteLength, 3)
  assert.equal((await reader.read()).done, true)
})

test('a stream of script, which gives no views, is read by its chunks', async () => {
  const chunk = new Uint8Array(5000)
  const reader = byobReader(streamOf([chunk]), 5000)
  assert.deepEqual(await reader.read(), { done: false, value: chunk })
  assert.equal((await reader.read()).done, true)
})

test('values are shown as their octets, however they are asked for', () => {
  const native = new Headers([
    ['X-A', 'caf\xe9'],
    ['Set-Cookie', 'a=\xe9'],
    ['Set-Cookie', 'b=2'],
  ])
  const octets = '\xc3\xa9'
  // Engines from before `getSetCookie` have no other way to it than the list.
  const old = { get: native.get.bind(native), forEach: native.forEach.bind(native) }
  for (const headers of [native, old]) {
    const fields = workerdDialect.fields?.({ headers } as Response)
    assert.equal(fields?.get('x-a'), `caf${octets}`)
    assert.equal(fields.get('x-b'), null)
    assert.deepEqual(fields.getSetCookie(), [`a=${octets}`, 'b=2'])
    assert.deepEqual(fields.pairs(), [
      ['set-cookie', `a=${octets}`],
      ['set-cookie', 'b=2'],
      ['x-a', `caf${octets}`],
    ])
  }
})
