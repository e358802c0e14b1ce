/** The list of pages in docs/README.md. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('docs/README.md names every page', () => {
  const list = readFileSync('docs/README.md', 'utf8')
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && name !== 'README.md')
  assert.deepEqual(
    pages.filter((name) => !list.includes(`](${name})`)),
    [],
  )
})

test('docs/capabilities.md says what each capability means', () => {
  const table = readFileSync('docs/capabilities.md', 'utf8')
  assert.deepEqual(table.match(/^\| `\w+` +\| +\|.*$/gm), null)
})
