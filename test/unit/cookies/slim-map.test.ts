/** The map that needs no table for its first entry, beside a map. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlimMap } from '../../../src/cookies/slim-map.ts'

const KEYS = ['', 'a', 'b']

/** What is done in a turn: for each key it is set or deleted. */
const STEPS = KEYS.flatMap((key) => [
  { key, value: true },
  { key, value: false },
])

void test('a slim map does what a map does, whatever comes after what', () => {
  for (let run = 0; run < STEPS.length ** 5; run++) {
    const slim = new SlimMap<number>()
    const map = new Map<string, number>()
    for (let turn = 0, rest = run; turn < 5; turn++, rest = Math.floor(rest / STEPS.length)) {
      const { key, value } = STEPS[rest % STEPS.length] ?? { key: '', value: false }
      if (value) {
        slim.set(key, turn)
        map.set(key, turn)
      } else {
        slim.delete(key)
        map.delete(key)
      }
      for (const each of KEYS) assert.equal(slim.get(each), map.get(each))
      assert.deepEqual([...slim.values()], [...map.values()])
    }
  }
})
