/** Responses of cross-fetch, made to look like the standard ones. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { adaptResponse } from '../../../../adapters/ponyfill/response.ts'
import { drain } from '../fetch/fixtures.ts'

/** Just what cross-fetch gives, in one of its two shapes. */
function foreign(parts: object): Response {
  const base = { status: 200, statusText: 'OK', url: '', redirected: false, headers: new Headers() }
  return { ...base, ...parts } as unknown as Response
}

test('a Node stream becomes a web stream of Uint8Arrays', async () => {
  const response = adaptResponse(
    foreign({ body: Readable.from([Buffer.from('ab'), Buffer.from('c')]) }),
  )
  assert.equal(await drain(response.body), 'abc')
})

test('cancelling lets the Node stream run out, which frees its connection', async () => {
  const body = Readable.from([Buffer.from('ab')])
  const ended = new Promise((resolve) => body.once('end', resolve))
  await adaptResponse(foreign({ body })).body?.cancel()
  await ended
})

test('a response without any body stream gives what arrayBuffer gives', async () => {
  const arrayBuffer = async (): Promise<ArrayBuffer> => new TextEncoder().encode('whole').buffer
  assert.equal(await drain(adaptResponse(foreign({ arrayBuffer })).body), 'whole')
})

test('raw headers keep repeated fields apart', () => {
  const headers = {
    get: () => 'a=1, b=2',
    has: () => true,
    forEach: () => assert.fail('combined'),
    raw: () => ({ 'set-cookie': ['a=1', 'b=2'] }),
  }
  const seen: string[] = []
  adaptResponse(foreign({ headers, body: null, arrayBuffer: null })).headers.forEach(
    (value, name) => seen.push(`${name}: ${value}`),
  )
  assert.deepEqual(seen, ['set-cookie: a=1', 'set-cookie: b=2'])
})

test('a native response is left as it is', () => {
  const native = new Response('x')
  assert.equal(adaptResponse(native), native)
})
