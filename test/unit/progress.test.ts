/** The meter: first, last, and no more than 20 events per second between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressMeter } from '../../src/progress.ts'
import type { Progress } from '../../src/types.ts'

function meter(total: number | null): {
  at(time: number, transferred: number, done?: boolean): void
  told: Progress[]
} {
  const told: Progress[] = []
  let now = 0
  const report = progressMeter(
    (progress) => told.push(progress),
    total,
    'wire',
    () => now,
  )
  return {
    told,
    at(time, transferred, done) {
      now = time
      report(transferred, done)
    },
  }
}

test('20 events per second, plus the first and the last', () => {
  const { at, told } = meter(null)
  for (let time = 0; time <= 1000; time += 1) at(time, time)
  at(1001, 1001, true)
  assert.equal(told.length, 22)
  assert.deepEqual(told[0], { transferred: 0, total: null, basis: 'wire' })
  assert.deepEqual(told.at(-1), { transferred: 1001, total: null, basis: 'wire' })
})

test('the total ends it, at once and only once', () => {
  const { at, told } = meter(10)
  at(0, 5)
  at(1, 10)
  at(2, 10, true)
  at(100, 10, true)
  assert.deepEqual(
    told.map((progress) => progress.transferred),
    [5, 10],
  )
})

test('a body without bytes is told once', () => {
  const { at, told } = meter(null)
  at(0, 0, true)
  at(0, 0, true)
  assert.equal(told.length, 1)
})

test('the end is not told twice when its number has been told', () => {
  const { at, told } = meter(null)
  at(0, 7)
  at(100, 7, true)
  assert.equal(told.length, 1)
})
