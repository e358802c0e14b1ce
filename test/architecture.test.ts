/** The rules of the house, held against the sources: one test per rule. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rules } from './architecture/rules.ts'
import type { Tree } from './architecture/tree.ts'

const FOLDERS = ['src', 'adapters', 'test', 'test-browser', 'bench', 'examples']

const tree = readTree(process.cwd())

test('the tree is the repository', () => {
  assert.ok(Object.hasOwn(tree, 'src/ports.ts'), 'run it from the root of the repository')
})

for (const [sentence, rule] of Object.entries(rules)) {
  test(sentence, () => {
    const violations = rule(tree)
    assert.ok(violations.length === 0, violations.join('\n'))
  })
}

function readTree(root: string): Tree {
  const entries = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !path.includes('node_modules/'))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
  )
  return Object.fromEntries(entries)
}
