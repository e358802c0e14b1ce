/** One round trip over scripted engines: uploads, failures, aborts, early answers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendByFetch } from '../../../../adapters/fetch/send.ts'
import { ConnectionError, ReadTimeoutError, UnsupportedError } from '../../../../src/errors.ts'
import { fieldsOf } from '../../../../src/header-list.ts'
import {
  bytesPiece,
  dialectOf,
  drain,
  recordedBody,
  streamOf,
  streamPiece,
  wireRequest,
} from './fixtures.ts'

const URL = 'http://example.test/path?token=secret'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('headers come back as pairs, with Set-Cookie apart', async () => {
  const headers = new Headers([
    ['X-A', '1'],
    ['X-A', '2'],
    ['Set-Cookie', 'a=1, b'],
    ['Set-Cookie', 'c=2'],
  ])
  const dialect = dialectOf(async () => new Response('hi', { status: 201, headers }))
  const response = await sendByFetch(dialect, wireRequest('GET', URL))
  assert.equal(response.status, 201)
  assert.deepEqual(
    fieldsOf(response.headers)
      .pairs()
      .filter(([name]) => name !== 'content-type'),
    [
      ['set-cookie', 'a=1, b'],
      ['set-cookie', 'c=2'],
      ['x-a', '1, 2'],
    ],
  )
  assert.equal(new TextDecoder().decode(await response.body.collect(2)), 'hi')
})

test('the source’s own error is what send rejects with, and the request is aborted first', async () => {
  const mine = new Error('mine')
  let finished = false
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      yield bytes('part')
      throw mine
    } finally {
      finished = true
    }
  }
  const body = recordedBody([streamPiece(chunks(), null)], null)
  let aborted = false
  const dialect = dialectOf(async (_url, init) => {
    await drain(init.body).catch(() => {
      aborted = init.signal?.aborted === true
    })
    // As workerd does: the fetch resolves although the source has failed.
    return new Response('ok')
  })
  const sent = sendByFetch(dialect, wireRequest('POST', URL, { body }))
  await assert.rejects(sent, (error) => error === mine)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([finished, aborted, body.closed], [true, true, [mine]])
})

test('what opening a body throws is rejected with as it is', async () => {
  const mine = new TypeError('no such thing')
  const body = { replayable: true, open: () => Promise.reject(mine) }
  const dialect = dialectOf(() => assert.fail('nothing may be sent'))
  await assert.rejects(
    sendByFetch(dialect, wireRequest('POST', URL, { body })),
    (error) => error === mine,
  )
})

test('a silent server is a ReadTimeoutError, whatever the engine makes of the abort', async () => {
  const dialect = dialectOf(
    (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new Error('AbortError of an engine')))
      }),
  )
  const request = wireRequest('GET', URL, { limits: { connect: 5, read: 5 } })
  // Stands for the socket, which keeps a process alive where a limit alone does not.
  const socket = setInterval(() => undefined, 1000)
  await assert.rejects(sendByFetch(dialect, request), ReadTimeoutError)
  clearInterval(socket)
})

test('the caller’s abort rejects at once with its reason and cancels a late response', async () => {
  const abort = new AbortController()
  const reason = new Error('bye')
  let cancelled: unknown = null
  const late = new Response(
    new ReadableStream({ cancel: (why) => void (cancelled = why ?? 'yes') }),
  )
  let answer: (response: Response) => void = () => undefined
  const dialect = dialectOf(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const sent = sendByFetch(dialect, wireRequest('GET', URL, { abort: abort.signal }))
  abort.abort(reason)
  await assert.rejects(sent, (error) => error === reason)
  answer(late)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(cancelled, 'yes')
})

test('an early answer that is complete cancels the rest of the upload', async () => {
  let finished = false
  async function* endless(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) yield bytes('more')
    } finally {
      finished = true
    }
  }
  const body = recordedBody([streamPiece(endless(), null)], null)
  const dialect = dialectOf(async (_url, init) => {
    assert.ok(init.body instanceof ReadableStream)
    await init.body.getReader().read()
    return new Response('too large', { status: 413 })
  })
  const response = await sendByFetch(dialect, wireRequest('POST', URL, { body }))
  assert.equal(body.closed.length, 0)
  await response.body.collect(100)
  assert.equal(body.closed.length, 1)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(finished, true)
})

test('a whole body is reported and closed when the answer is there', async () => {
  const sent: unknown[] = []
  const body = recordedBody([bytesPiece('abc'), bytesPiece('def')], 6)
  const dialect = dialectOf(async (_url, init) => {
    assert.deepEqual(init.body, bytes('abcdef'))
    return new Response(null, { status: 204 })
  })
  const onSent = (...report: unknown[]): void => void sent.push(report)
  await sendByFetch(dialect, wireRequest('POST', URL, { body, onSent }))
  assert.deepEqual([sent, body.closed], [[[6, 6]], [undefined]])
})

test('failures of the engine are translated, without the secrets of the URL', async () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const dialect = dialectOf(() => Promise.reject(new TypeError('fetch failed', { cause })))
  await assert.rejects(sendByFetch(dialect, wireRequest('GET', URL)), (error) => {
    assert.ok(error instanceof ConnectionError)
    assert.equal(error.code, 'CONNECTION_REFUSED')
    assert.doesNotMatch(error.message, /=secret/)
    return true
  })
})

test('what the runtime would change in silence is refused before anything is sent', async () => {
  const dialect = dialectOf(() => assert.fail('nothing may be sent'))
  const body = recordedBody([bytesPiece('x')], 1)
  await assert.rejects(sendByFetch(dialect, wireRequest('GET', URL, { body })), UnsupportedError)
  await assert.rejects(sendByFetch(dialect, wireRequest('FOO', URL)), UnsupportedError)
})

test('answers without a body are over at once, also where the engine gives them a stream', async () => {
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 304],
    ['GET', 204],
  ] as const) {
    const native = { status, statusText: '', headers: new Headers(), body: streamOf([]) }
    // The engine's shape of a null body status, which the constructor of Node refuses.
    const dialect = dialectOf(async () => native as unknown as Response)
    const response = await sendByFetch(dialect, wireRequest(method, URL))
    assert.equal(await response.body.read(), null)
  }
})

test('codings that not every runtime decodes are not taken for decoded', async () => {
  for (const [named, expected] of [
    ['GZIP', ['gzip']],
    ['br', ['br']],
    ['deflate', []],
    ['gzip, br', []],
    ['identity', []],
  ] as const) {
    const headers = { 'content-encoding': named }
    const dialect = dialectOf(async () => new Response('x', { headers }))
    const response = await sendByFetch(dialect, wireRequest('GET', URL))
    assert.deepEqual(response.undone, expected, named)
  }
})
