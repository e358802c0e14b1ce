/** The command line of the suite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSettings, TARGETS } from '../../harness/launch-arguments.ts'

test('without arguments everything runs', () => {
  const settings = parseSettings([])
  assert.deepEqual(settings.targets, TARGETS)
  assert.equal(settings.everything, true)
  assert.equal(settings.only, null)
})

test('node is every Node', () => {
  const { targets, everything } = parseSettings(['--target', 'node'])
  assert.deepEqual(targets, ['node20', 'node22', 'node24', 'node26'])
  assert.equal(everything, false)
})

test('targets can be listed and repeated', () => {
  const { targets } = parseSettings(['--target', 'deno,bun', '--runtime', 'deno'])
  assert.deepEqual(targets, ['deno', 'bun'])
})

test('a filter is plain text, --case a regular expression', () => {
  assert.equal(parseSettings(['a.b']).only, 'a\\.b')
  assert.equal(parseSettings(['--case', 'a.b']).only, 'a.b')
})

test('an unknown target is a TypeError that lists the known ones', () => {
  assert.throws(() => parseSettings(['--target', 'ie6']), /ie6.*node20/)
})
