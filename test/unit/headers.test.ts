/** Our bag of headers beside the runtime's own: the same calls, the same fields. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Headers } from '../../src/headers.ts'

const NAMES = ['a', 'A', 'b', 'Set-Cookie', 'set-cookie', '__proto__', 'Content-Type']
const VALUES = ['1', '', ' a ', '\ta\t', 'x,y', 'q\u00a0r', '\u00e4 ', 'a \u00e4\r\n', '\n\t ']

type Bag = Pick<Headers, 'append' | 'delete' | 'get' | 'getSetCookie' | 'has' | 'set'> &
  Iterable<[string, string]>

test('fields are those that the runtime has after the same calls', () => {
  const call = fc.record({
    method: fc.constantFrom('append', 'set', 'delete'),
    name: fc.constantFrom(...NAMES),
    value: fc.constantFrom(...VALUES),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      const bags: readonly Bag[] = [new Headers(), new globalThis.Headers()]
      const [ours, theirs] = bags.map((bag) => {
        for (const { method, name, value } of calls) {
          if (method === 'delete') bag.delete(name)
          else if (method === 'set') bag.set(name, value)
          else bag.append(name, value)
        }
        return [[...bag], NAMES.map((name) => [bag.get(name), bag.has(name)]), bag.getSetCookie()]
      })
      assert.deepEqual(ours, theirs)
    }),
    { seed: 7, numRuns: 300 },
  )
})
