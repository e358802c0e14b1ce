/** Small bodies that the runtime reads by itself: the same limits and errors as by pieces. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../../../adapters/fetch/dialect.ts'
import { sendByFetch } from '../../../../adapters/fetch/send.ts'
import { BodyTooLargeError, IncompleteBodyError } from '../../../../src/errors.ts'
import type { WireBody, WireRequest } from '../../../../src/ports.ts'
import { dialectOf, streamOf, wireRequest } from './fixtures.ts'

const URL = 'http://example.test/'
const three = new Uint8Array([1, 2, 3])

interface Scripted {
  readonly announced?: string
  readonly request?: WireRequest
  readonly dialect?: Partial<Dialect>
  readonly read?: () => Promise<ArrayBuffer>
}

/** The body, and whether its stream has been asked for. */
async function bodyOf(script: Scripted = {}): Promise<{ body: WireBody; streamed: () => boolean }> {
  let streamed = false
  const headers = new Headers({ 'content-length': script.announced ?? '3' })
  const response = {
    status: 200,
    statusText: 'OK',
    headers,
    get body() {
      streamed = true
      return streamOf([three])
    },
    arrayBuffer: script.read ?? (() => Promise.resolve(three.slice().buffer)),
  }
  // Just what `send` reads of a Response.
  const fetch = (): Promise<Response> => Promise.resolve(response as unknown as Response)
  const dialect = dialectOf(fetch, { whole: true, ...script.dialect })
  const { body } = await sendByFetch(dialect, script.request ?? wireRequest('GET', URL))
  return { body, streamed: () => streamed }
}

test('a small body of an announced length is read whole, with no stream', async () => {
  const { body, streamed } = await bodyOf()
  assert.equal(body.collectNow?.(3), null)
  assert.deepEqual(await body.collect(3), three)
  assert.equal(await body.read(), null)
  assert.equal(streamed(), false)
})

test('what is there already is taken without a promise where the runtime shows it', async () => {
  const { body } = await bodyOf({ dialect: { peek: () => three.slice().buffer } })
  assert.deepEqual(body.collectNow?.(3), three)
  const short = await bodyOf({
    dialect: { peek: () => three.slice(1).buffer },
    read: () => Promise.resolve(three.slice(1).buffer),
  })
  assert.equal(short.body.collectNow?.(3), null)
  await assert.rejects(short.body.collect(3), IncompleteBodyError)
})

test('it is read by pieces where limits of the caller watch it, and where it is streamed', async () => {
  for (const request of [
    wireRequest('GET', URL, { limits: { read: 1000, readIsExplicit: true } }),
    wireRequest('GET', URL, { limits: { total: 1000 } }),
    wireRequest('GET', URL, { stream: true }),
  ]) {
    const { body, streamed } = await bodyOf({ request })
    assert.deepEqual(await body.collect(3), three)
    assert.equal(streamed(), true)
    request.deadline.end()
  }
})

test('pieces can be read too, and the native stream be had, until it is read', async () => {
  assert.deepEqual(await (await bodyOf()).body.read(), three)
  assert.ok((await bodyOf()).body.native instanceof ReadableStream)
})

test('a body read whole that is too large, cut or broken gives the errors of one that is not', async () => {
  await assert.rejects((await bodyOf()).body.collect(2), BodyTooLargeError)
  await assert.rejects((await bodyOf({ announced: '4' })).body.collect(9), IncompleteBodyError)
  const broken = await bodyOf({ read: () => Promise.reject(new TypeError('lost')) })
  await assert.rejects(broken.body.collect(3), IncompleteBodyError)
  assert.equal(await broken.body.read().catch(() => 'over'), 'over')
})

test('an abort rejects a read that is under way with its reason', async () => {
  const abort = new AbortController()
  const request = wireRequest('GET', URL, { abort: abort.signal })
  const { body } = await bodyOf({
    request,
    read: () =>
      new Promise((_, reject) => {
        abort.signal.addEventListener('abort', () => reject(new Error('AbortError of an engine')))
      }),
  })
  const reading = body.collect(3)
  const reason = new Error('enough')
  abort.abort(reason)
  await assert.rejects(reading, (error) => error === reason)
})

test('a cancelled read rejects with the reason of the cancellation', async () => {
  let fail: (error: Error) => void = () => undefined
  const { body } = await bodyOf({ read: () => new Promise((_, reject) => (fail = reject)) })
  const reading = body.collect(3)
  const reason = new Error('enough')
  body.cancel(reason)
  fail(new Error('AbortError of an engine'))
  await assert.rejects(reading, (error) => error === reason)
})
