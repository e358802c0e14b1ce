/** What the suite prints at its end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closingLine, describeProblems, describeTable } from '../../harness/report.ts'
import type { Row } from '../../harness/report.ts'

const good: Row = { target: 'deno', passed: 12, skipped: 3, gaps: 0, problems: [], seconds: 1.25 }
const lost = { text: 'no result' }
const bad: Row = {
  ...good,
  target: 'bun',
  problems: [
    { name: 'a', ...lost },
    { name: 'b', ...lost },
  ],
}

test('the closing line counts over all targets', () => {
  assert.equal(closingLine([good, bad]), '24 passed, 2 failed')
})

test('the table has one line per target, and a column for known gaps only when there are any', () => {
  const lines = describeTable([good, bad]).split('\n')
  assert.equal(lines.length, 3)
  assert.match(lines[1] ?? '', /^deno +12 +3 +0 +1\.3$/)
  assert.doesNotMatch(lines[0] ?? '', /expected to fail/)
  assert.match(describeTable([{ ...good, gaps: 1 }]), /expected to fail/)
})

test('a text that several cases share is printed once', () => {
  assert.equal(describeProblems([good, bad]), '✗ bun › a\n✗ bun › b\n    no result\n')
})
