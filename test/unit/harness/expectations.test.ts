/** That the comparison with the expectations fails in both directions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseResult, Message } from '../../drivers/protocol.ts'
import { compare } from '../../harness/expectations.ts'
import type { Expectations } from '../../harness/expectations.ts'

const NOTHING: Expectations = { capabilities: {}, skipped: {}, failing: {} }

function result(name: string, status: CaseResult['status'], more = {}): CaseResult {
  return { kind: 'result', name, status, ms: 1, ...more }
}

function problems(messages: readonly Message[], expectations = NOTHING, names = ['a']): string[] {
  return compare(names, messages, expectations, true).problems.map(({ text }) => text)
}

test('a case that passes as expected is no problem', () => {
  const verdict = compare(['a'], [result('a', 'passed')], NOTHING, true)
  assert.deepEqual(verdict, { passed: 1, skipped: 0, gaps: 0, problems: [] })
})

test('an expected skip and an expected failure are counted apart', () => {
  const messages = [result('a', 'skipped', { needs: 'proxy' }), result('b', 'failed')]
  const expectations = { ...NOTHING, skipped: { a: 'proxy' }, failing: { b: 'why' } }
  const verdict = compare(['a', 'b'], messages, expectations, true)
  assert.deepEqual(verdict, { passed: 0, skipped: 1, gaps: 1, problems: [] })
})

test('an unexpected failure is shown with its error', () => {
  assert.deepEqual(problems([result('a', 'failed', { error: 'boom' })]), ['boom'])
})

test('an unexpected pass fails', () => {
  const passed = [result('a', 'passed')]
  assert.match(
    problems(passed, { ...NOTHING, skipped: {}, failing: { a: 'why' } })[0] ?? '',
    /^unexpected/,
  )
  assert.match(
    problems(passed, { ...NOTHING, skipped: { a: 'proxy' }, failing: {} })[0] ?? '',
    /^unexpected/,
  )
})

test('an unexpected skip fails, and one for another capability too', () => {
  const skipped = [result('a', 'skipped', { needs: 'proxy' })]
  assert.match(problems(skipped)[0] ?? '', /unexpected skip/)
  assert.match(
    problems(skipped, { ...NOTHING, skipped: { a: 'pool' }, failing: {} })[0] ?? '',
    /listed is "pool"/,
  )
})

test('a case without a result fails', () => {
  assert.match(problems([])[0] ?? '', /no result/)
})

test('a case with two results, or one that is not in the list, fails', () => {
  const passed = result('a', 'passed')
  assert.deepEqual(problems([passed, passed]), ['two results'])
  assert.match(problems([passed, result('b', 'passed')])[0] ?? '', /not in the list/)
})

test('what goes wrong outside of any case fails', () => {
  assert.deepEqual(problems([result('a', 'passed'), { kind: 'fault', error: 'leak' }]), ['leak'])
})

test('an expectation for a case that is gone fails, unless only some cases ran', () => {
  const expectations = { ...NOTHING, skipped: { gone: 'proxy' }, failing: {} }
  const messages = [result('a', 'passed')]
  assert.match(problems(messages, expectations)[0] ?? '', /is no case/)
  assert.deepEqual(compare(['a'], messages, expectations, false).problems, [])
})

test('a capability that changed fails, whichever way', () => {
  const declared: Message = { kind: 'capabilities', capabilities: { pool: true, paths: true } }
  const expectations = { ...NOTHING, capabilities: { pool: false, socks: true, paths: true } }
  const found = problems([result('a', 'passed'), declared], expectations)
  assert.deepEqual(found, ['is true, listed is false', 'is absent, listed is true'])
})
