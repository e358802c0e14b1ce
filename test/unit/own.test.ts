/** Bags of options have what was put into them and nothing else, whatever others do to prototypes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, NO_OPTIONS, own } from '../../src/own.ts'

function withPolluted(run: () => void): void {
  Object.defineProperty(Object.prototype, 'verify', { value: false, configurable: true })
  try {
    run()
  } finally {
    Reflect.deleteProperty(Object.prototype, 'verify')
  }
}

test('a bag has own members alone, and inherits none', () => {
  withPolluted(() => {
    const bag = bare<{ readonly name: string; readonly verify?: boolean }>({ name: 'a' })
    assert.equal(bag.name, 'a')
    assert.equal(bag.verify, undefined)
    assert.ok(!('verify' in bag) && !('toString' in bag))
    assert.deepEqual(Object.keys(bag), ['name'])
  })
})

test('nobody can put a member where all bags would inherit it', () => {
  const shared = Object.getPrototypeOf(bare({})) as object
  assert.ok(Object.isFrozen(shared))
  assert.equal(Object.getPrototypeOf(shared), null)
  assert.ok(!Reflect.set(shared, 'verify', false))
  assert.ok(!Reflect.setPrototypeOf(shared, { verify: false }))
  // Not even by `__proto__`, which is an accessor of Object.prototype and means nothing here.
  const bag = bare<Record<string, unknown>>({ name: 'a' })
  bag['__proto__'] = { verify: false }
  assert.equal(bag['verify'], undefined)
})

test('own members are found, inherited ones and those of no options are not', () => {
  withPolluted(() => {
    const options: { readonly name?: string; readonly verify?: boolean } = { name: 'a' }
    assert.equal(own(options, 'name'), 'a')
    assert.equal(own(options, 'verify'), undefined)
    assert.equal(own(NO_OPTIONS as typeof options, 'verify'), undefined)
  })
  assert.ok(Object.isFrozen(NO_OPTIONS))
})
