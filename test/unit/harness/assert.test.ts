/** Every assertion of the conformance suite can fail, says why, and passes when it should. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as check from '../../harness/assert.ts'
import { ConnectTimeoutError, ReadTimeoutError, TimeoutError } from '../../../src/errors.ts'

/** That it fails, as an assertion, with that message. */
function fails(run: () => void, message: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof check.AssertionError, `threw ${String(error)}`)
    assert.match(error.message, message)
    return true
  })
}

async function failsLater(run: () => Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof check.AssertionError, `rejected with ${String(error)}`)
    assert.match(error.message, message)
    return true
  })
}

/** For values that the types would not let through. */
const anything = (value: unknown): never => value as never

test('fail fails', () => {
  fails(() => check.fail('why'), /^why$/)
})

test('ok and notOk take booleans alone', () => {
  check.ok(true)
  check.notOk(false)
  for (const value of [false, 1, 'x', {}, null, undefined, Promise.resolve(true)])
    fails(() => {
      check.ok(anything(value), 'it is so')
    }, /^it is so \(got /)
  for (const value of [true, 0, '', null, undefined, NaN])
    fails(() => {
      check.notOk(anything(value))
    }, /^expected false \(got /)
})

test('present refuses null and undefined alone', () => {
  for (const value of [0, '', false, NaN]) check.present(value)
  for (const value of [null, undefined])
    fails(() => {
      check.present(value)
    }, /expected a value/)
})

test('equal is strict and deep', () => {
  const same: [unknown, unknown][] = [
    [1, 1],
    [NaN, NaN],
    ['a', 'a'],
    [null, null],
    [[], []],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
    [new Date(5), new Date(5)],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ]
  for (const [actual, expected] of same) check.equal(actual, expected)
})

test('equal fails for whatever differs, and says where', () => {
  const different: [actual: unknown, expected: unknown, message: RegExp][] = [
    [1, '1', /got 1, expected "1"/],
    [0, -0, /got 0/],
    [0, null, /got 0, expected null/],
    [undefined, null, /got undefined, expected null/],
    [[], {}, /got \[\], expected \{\}/],
    [{}, null, /expected null/],
    [[1, 2], [1], /got 2 elements/],
    [[1, 2], [1, 3], /at \[1\]: got 2, expected 3/],
    [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }, /at a\.b\[0\]\.c: got 1, expected 2/],
    [{ a: 1 }, { a: 1, b: undefined }, /at b: missing/],
    [{ a: 1, b: undefined }, { a: 1 }, /at b: not expected/],
    [new Uint8Array([1]), new Uint8Array([2]), /got 1, expected 2/],
    [new Uint8Array([1]), [1], /got bytes/],
    [new Map([[1, 2]]), new Map([[1, 3]]), /got 2, expected 3/],
    [new Set([1]), new Set([2]), /got 1, expected 2/],
    [new Date(5), new Date(6), /got/],
    [/a/g, /a/, /got/],
    [new Error('a'), {}, /got Error: a/],
    [() => 1, () => 1, /got/],
  ]
  for (const [actual, expected, message] of different) {
    fails(() => {
      check.equal(actual, expected)
    }, message)
    fails(() => {
      check.equal({ in: actual }, { in: expected })
    }, /at in/)
    check.notEqual(actual, expected)
  }
  fails(() => {
    check.notEqual({ a: [1] }, { a: [1] })
  }, /both are \{"a":\[1\]\}/)
})

test('match wants a string that matches', () => {
  check.match('abc', /b/)
  const global = /b/g
  check.match('abc', global)
  check.match('abc', global)
  for (const value of ['xyz', 1, null, undefined, ['b']])
    fails(() => {
      check.match(value, /b/)
    }, /does not match \/b\//)
})

test('bytesEqual finds the first different byte, and missing ones', () => {
  const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)
  check.bytesEqual(bytes(), bytes())
  check.bytesEqual(bytes(1, 2), bytes(1, 2))
  fails(() => {
    check.bytesEqual(bytes(1, 2, 3), bytes(1, 9, 3))
  }, /at 1: got bytes \[2 3\], expected bytes \[9 3\]/)
  fails(() => {
    check.bytesEqual(bytes(1), bytes(1, 2))
  }, /got 1 bytes, expected 2/)
  fails(() => {
    check.bytesEqual(bytes(1, 2), bytes(1))
  }, /got 2 bytes, expected 1/)
  fails(() => {
    check.bytesEqual(anything('a'), bytes(97))
  }, /instead of bytes/)
})

const thrower = (error: unknown) => () => {
  throw error
}

test('throws wants the class, by itself or by name', () => {
  const error = new TypeError('wrong')
  assert.equal(check.throws(thrower(error), TypeError), error)
  assert.equal(check.throws(thrower(error), 'TypeError', { message: 'wrong' }), error)
  fails(() => check.throws(() => 5, TypeError), /expected TypeError to be thrown, got 5/)
  fails(() => check.throws(thrower(error), RangeError), /expected RangeError, got TypeError: wrong/)
  fails(() => check.throws(thrower(error), 'Error'), /expected Error, got TypeError/)
  fails(() => check.throws(thrower('text'), 'TypeError'), /got "text"/)
  fails(() => check.throws(thrower(undefined), TypeError), /got undefined/)
  fails(
    () => check.throws(thrower(error), TypeError, { message: /right/ }),
    /the message \/right\//,
  )
  fails(() => check.throws(thrower(error), TypeError, { message: 'wron' }), /the message wron/)
  fails(() => check.throws(thrower(error), TypeError, { code: 'X' }), /the code X/)
})

test('rejects knows both parents of a connect timeout', async () => {
  const error = new ConnectTimeoutError('too slow')
  const rejected = async (): Promise<void> => {
    await Promise.reject(error)
  }
  for (const kind of ['ConnectTimeoutError', 'TimeoutError', 'ConnectionError', 'RequestError'])
    assert.equal(await check.rejects(rejected(), kind, { code: 'CONNECT_TIMEOUT' }), error)
  assert.equal(await check.rejects(rejected, TimeoutError), error)
  await failsLater(() => check.rejects(rejected(), ReadTimeoutError), /expected ReadTimeoutError/)
  await failsLater(() => check.rejects(rejected(), 'SSLError'), /got ConnectTimeoutError \(code/)
  await failsLater(() => check.rejects(rejected(), 'TimeoutError', { code: /^READ/ }), /the code/)
})

test('rejects fails when nothing rejects', async () => {
  await failsLater(() => check.rejects(Promise.resolve(7), Error), /rejection with Error, got 7/)
  await failsLater(() => check.rejects(() => undefined, 'X'), /rejection with X, got undefined/)
})
