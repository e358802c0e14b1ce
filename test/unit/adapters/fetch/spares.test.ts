/** What calls leave to the next ones, and what they must not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../../../adapters/fetch/dialect.ts'
import { sendByFetch } from '../../../../adapters/fetch/send.ts'
import { Spares } from '../../../../adapters/fetch/spares.ts'
import type { HeaderPairs } from '../../../../src/ports.ts'
import { dialectOf, streamOf, wireRequest } from './fixtures.ts'

const URL = 'http://example.test/'

interface Seen {
  readonly signal: unknown
  readonly headers: unknown
}

/** A native fetch of four bytes, and what it was given. */
function nativeDialect(seen: Seen[], spares: Spares | null = new Spares()): Dialect {
  return dialectOf(
    async (_url, { signal, headers }) => {
      seen.push({ signal, headers })
      const body = streamOf([new Uint8Array(2), new Uint8Array(2)])
      return new Response(body, { headers: { 'Content-Length': '4' } })
    },
    { spares, whole: true },
  )
}

async function readAll(dialect: Dialect, headers: HeaderPairs = []): Promise<void> {
  const { body } = await sendByFetch(dialect, wireRequest('GET', URL, { headers }))
  await body.collect(4)
  // What comes after the end changes nothing.
  body.cancel()
}

test('the signal of a call that has ended well is that of the next one', async () => {
  const seen: Seen[] = []
  const dialect = nativeDialect(seen)
  await readAll(dialect)
  await readAll(dialect)
  assert.equal(seen[0]?.signal, seen[1]?.signal)
  assert.equal(seen[0]?.signal instanceof AbortSignal && seen[0].signal.aborted, false)
})

test('two calls at one time have a signal each', async () => {
  const seen: Seen[] = []
  const dialect = nativeDialect(seen)
  await readAll(dialect)
  await Promise.all([readAll(dialect), readAll(dialect)])
  assert.notEqual(seen[1]?.signal, seen[2]?.signal)
})

test('a call that was given up, or whose body was, leaves nothing', async () => {
  const seen: Seen[] = []
  const dialect = nativeDialect(seen)
  const caller = new AbortController()
  const sending = sendByFetch(dialect, wireRequest('GET', URL, { abort: caller.signal }))
  caller.abort(new Error('mine'))
  await assert.rejects(sending, /mine/)
  const dropped = await sendByFetch(dialect, wireRequest('GET', URL))
  await dropped.body.read()
  dropped.body.cancel()
  await readAll(dialect)
  assert.equal(new Set(seen.map(({ signal }) => signal)).size, 3)
})

test('headers are kept for one list of fields, and made again for another', async () => {
  const seen: Seen[] = []
  const dialect = nativeDialect(seen)
  const first: HeaderPairs = [['X-A', '1']]
  const second: HeaderPairs = [
    ['X-A', '2'],
    ['X-A', '3'],
  ]
  for (const headers of [first, first, second, first]) await readAll(dialect, headers)
  const given = seen.map(({ headers }) => [...new Headers(headers as Headers)].join())
  assert.deepEqual(given, ['x-a,1', 'x-a,1', 'x-a,2, 3', 'x-a,1'])
  assert.equal(seen[0]?.headers, seen[1]?.headers)
})

test('where fetch may have been replaced, every call has its own signal and its own fields', async () => {
  const seen: Seen[] = []
  const dialect = nativeDialect(seen, null)
  const headers: HeaderPairs = [['X-A', '1']]
  await readAll(dialect, headers)
  // As somebody who puts a fetch of his own in its place might do.
  Reflect.set(seen[0]?.headers as object, 'X-A', 'changed')
  await readAll(dialect, headers)
  assert.notEqual(seen[0]?.signal, seen[1]?.signal)
  assert.deepEqual({ ...(seen[1]?.headers as object) }, { 'X-A': '1' })
})
