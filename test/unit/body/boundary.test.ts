/** Boundaries: random, unquoted, and never guessed at where there is no randomness. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBoundary } from '../../../src/body/boundary.ts'

test('at least 128 random bits in at most 70 characters that need no quotes (RFC 2046 §5.1.1)', () => {
  const made = new Set(Array.from({ length: 100 }, randomBoundary))
  assert.equal(made.size, 100)
  for (const boundary of made) {
    assert.match(boundary, /^[0-9A-Za-z-]{1,70}$/)
    assert.ok((/[0-9a-f]+$/.exec(boundary)?.[0].length ?? 0) * 4 >= 128)
  }
})

test('an engine without crypto gets an UnsupportedError, not a weak boundary', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'crypto')
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true })
  try {
    assert.throws(randomBoundary, { name: 'UnsupportedError' })
  } finally {
    if (before !== undefined) Object.defineProperty(globalThis, 'crypto', before)
  }
})
