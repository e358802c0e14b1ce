/** What may be repeated, how often and after which wait. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as errors from '../../../src/errors.ts'
import { Retry, retryFrom } from '../../../src/retry.ts'
import type { RetryOptions } from '../../../src/retry.ts'
import {
  isExhausted,
  nextDelay,
  parseRetryAfter,
  spend,
  startRetries,
} from '../../../src/retry-rules.ts'
import type { Outcome } from '../../../src/retry-rules.ts'

const plain: Outcome = {
  method: 'GET',
  idempotencyKey: false,
  replayable: true,
  error: null,
  status: null,
  retryAfter: null,
}
const now = () => Date.UTC(2026, 0, 1)
const delay = (options: RetryOptions, outcome: Partial<Outcome>, random = 0) =>
  nextDelay(startRetries(new Retry(options)), { ...plain, ...outcome }, now, () => random)
const failed = (code: string) => new errors.ConnectionError('x', { code })

test('nothing is repeated by default, and a number is a total', () => {
  for (const input of [undefined, null, 0]) {
    assert.equal(nextDelay(startRetries(retryFrom(input)), { ...plain, error: failed('X') }), null)
  }
  assert.equal(retryFrom(3).total, 3)
  const retry = new Retry()
  assert.equal(retryFrom(retry), retry)
})

test('which errors are repeated, for which methods', () => {
  const rows: [error: unknown, get: boolean, post: boolean][] = [
    [failed('CONNECTION_REFUSED'), true, true],
    [failed('DNS_FAILED'), true, true],
    [new errors.ConnectTimeoutError('x'), true, true],
    [failed('CONNECTION_RESET'), true, false],
    [failed('CONNECTION_FAILED'), true, false],
    [new errors.ReadTimeoutError('x'), true, false],
    [new errors.IncompleteBodyError('x'), true, false],
    [new errors.ProxyError('x'), true, false],
    [failed('SESSION_CLOSED'), false, false],
    [new errors.SSLError('x'), false, false],
    [new errors.TotalTimeoutError('x'), false, false],
    [new errors.ContentDecodingError('x'), false, false],
    [new errors.BodyTooLargeError('x'), false, false],
    [new errors.UnsupportedError('x'), false, false],
    [new DOMException('', 'AbortError'), false, false],
    [new TypeError('x'), false, false],
    [undefined, false, false],
  ]
  for (const [error, get, post] of rows) {
    assert.equal(delay({}, { error }) !== null, get, String(error))
    assert.equal(delay({}, { error, method: 'POST' }) !== null, post, String(error))
    const keyed = delay({}, { error, method: 'POST', idempotencyKey: true })
    assert.equal(keyed !== null, get, String(error))
    assert.equal(delay({}, { error, replayable: false }), null)
  }
})

test('methods can be allowed by name, or all of them', () => {
  const error = failed('CONNECTION_RESET')
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']) {
    assert.equal(delay({}, { error, method }), 0)
  }
  for (const method of ['POST', 'PATCH', 'QUERY']) assert.equal(delay({}, { error, method }), null)
  assert.equal(delay({ allowedMethods: ['post'] }, { error, method: 'POST' }), 0)
  assert.equal(delay({ allowedMethods: ['post'] }, { error }), null)
  assert.equal(delay({ allowedMethods: null }, { error, method: 'POST' }), 0)
})

test('statuses are repeated when listed, or when the server says later', () => {
  assert.equal(delay({}, { status: 503 }), null)
  assert.equal(delay({ statusForcelist: [503] }, { status: 503 }), 0)
  assert.equal(delay({ statusForcelist: [503] }, { status: 503, method: 'POST' }), null)
  for (const status of [413, 429, 503]) assert.equal(delay({}, { status, retryAfter: '2' }), 2000)
  assert.equal(delay({}, { status: 500, retryAfter: '2' }), null)
  assert.equal(delay({}, { status: 429, retryAfter: '2', method: 'POST' }), null)
  assert.equal(delay({ respectRetryAfter: false }, { status: 429, retryAfter: '2' }), null)
  assert.equal(delay({}, { status: 200, error: failed('CONNECTION_RESET') }), null)
})

test('Retry-After is seconds or a date, and is capped', () => {
  const rows: [string | null, number | null][] = [
    ['0', 0],
    [' 120 ', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['Thu Jan  1 00:00:30 2026', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['1.5', null],
    ['-1', null],
    ['soon', null],
    ['', null],
    [null, null],
  ]
  for (const [value, wanted] of rows)
    assert.equal(parseRetryAfter(value, now()), wanted, String(value))
  assert.equal(delay({}, { status: 503, retryAfter: '9'.repeat(400) }), 120_000)
  assert.equal(delay({ retryAfterMax: 5 }, { status: 503, retryAfter: '1' }), 5)
  const waits = { ...startRetries(new Retry({ backoffFactor: 100 })), total: 1 }
  for (const retryAfter of ['0', 'Wed, 31 Dec 2025 00:00:00 GMT']) {
    assert.equal(nextDelay(waits, { ...plain, status: 503, retryAfter }, now), 200)
  }
})

test('the budget is one, with limits for each kind', () => {
  const error = failed('CONNECTION_RESET')
  let state = startRetries(new Retry({ total: 2, read: 1 }))
  const outcome = { ...plain, error }
  assert.equal(nextDelay(state, outcome), 0)
  state = spend(state, outcome)
  assert.equal(nextDelay(state, outcome), null)
  const refused = { ...plain, error: failed('CONNECTION_REFUSED') }
  assert.notEqual(nextDelay(state, refused), null)
  assert.equal(nextDelay(spend(state, refused), refused), null)
})

test('a total of null needs another limit', () => {
  const error = failed('CONNECTION_RESET')
  assert.equal(delay({ total: null }, { error }), null)
  assert.equal(delay({ total: null, read: 1 }, { error }), 0)
})

test('the wait doubles, is capped, and has jitter', () => {
  const outcome = { ...plain, error: failed('CONNECTION_RESET') }
  let state = startRetries(new Retry({ backoffFactor: 100, backoffMax: 1000, jitter: 50 }))
  const waits: (number | null)[] = []
  for (let repetition = 0; repetition < 7; repetition++) {
    waits.push(nextDelay(state, outcome, now, () => 0.5))
    state = spend(state, outcome)
  }
  assert.deepEqual(waits, [0, 225, 425, 825, 1000, 1000, 1000])
})

test('a spent budget for a listed status is an error, unless it is not wanted', () => {
  const outcome = { ...plain, status: 503 }
  const ended = (options: RetryOptions) => {
    const state = startRetries(new Retry({ total: 1, statusForcelist: [503], ...options }))
    return [isExhausted(state, outcome), isExhausted(spend(state, outcome), outcome)]
  }
  assert.deepEqual(ended({}), [false, true])
  assert.deepEqual(ended({ raiseOnStatus: false }), [false, false])
  assert.deepEqual(ended({ statusForcelist: [] }), [false, false])
})

test('a Retry cannot be changed, and gives changed copies', () => {
  const retry = new Retry({ total: 1 })
  assert.throws(() => Object.assign(retry, { total: 9 }), TypeError)
  assert.throws(() => (retry.allowedMethods as string[]).push('POST'), TypeError)
  const changed = retry.new({ backoffFactor: 5 })
  assert.deepEqual([changed.total, changed.backoffFactor], [1, 5])
  assert.equal(retry.new({ total: undefined }).total, 1)
})

test('numbers are checked', () => {
  for (const bad of [NaN, '3', {}]) {
    assert.throws(() => new Retry({ total: bad as number }), TypeError)
    assert.throws(() => new Retry({ backoffFactor: bad as number }), TypeError)
  }
  for (const bad of [-1, 2 ** 31, Infinity]) {
    assert.throws(() => new Retry({ connect: bad }), RangeError)
    assert.throws(() => new Retry({ retryAfterMax: bad }), RangeError)
    assert.throws(() => retryFrom(bad), RangeError)
  }
  assert.throws(() => new Retry({ total: 1.5 }), RangeError)
  assert.throws(() => new Retry({ statusForcelist: [42] }), RangeError)
  assert.throws(() => new Retry({ allowedMethods: 'GET' }), TypeError)
  assert.throws(() => retryFrom(true as unknown as number), TypeError)
})
