/**
 * `node scripts/public-suffixes.mjs`: writes adapters/public-suffix-list.ts from the rules of tldts.
 * A text, since an engine reads over it at once, where it has to parse a table: a Worker holds all
 * code in one file and would do that at each start. `--check` writes nothing and fails when the list
 * is not that of the installed tldts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as trie from '../node_modules/tldts/dist/es6/src/data/trie.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const LIST = join(root, 'adapters/public-suffix-list.ts')

const HEAD = `/*! Made of the Public Suffix List (https://publicsuffix.org), which is under the Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/). */
// Written by scripts/public-suffixes.mjs.

/**
 * Groups with \`;\` between them: a domain, and the labels before it with which it is a public suffix.
 * \`*\` is any label, \`!\` marks one with which it is none.
 */
export const PUBLIC_SUFFIXES =
  `

/** Every rule as its labels, those that end in labels beyond ASCII left out: jars ask for \`xn--\` names. */
function rulesFrom(start) {
  const offsets = labelOffsets()
  const found = []
  const visit = (node, labels) => {
    for (const edge of edgesOf(node)) {
      const text = trie.labelText.slice(offsets[edge], offsets[edge] + trie.edgeLength[edge])
      if (/[^a-z0-9*_-]/.test(text)) continue
      const rule = [text, ...labels]
      const child = trie.edgeChild[edge]
      if (trie.nodeFlags[child] !== 0) found.push(rule)
      visit(child, rule)
    }
  }
  visit(start, [])
  return found
}

/** Labels stand one after the other, in the order of their edges. */
function labelOffsets() {
  let offset = 0
  return Array.from(trie.edgeLength, (length) => (offset += length) - length)
}

function edgesOf(node) {
  const [start, end] = [trie.edgeStart[node], trie.edgeStart[node + 1]]
  return Array.from({ length: end - start }, (_, at) => start + at)
}

/** A single label is a suffix anyway, by the list's prevailing rule \`*\`. */
function groups() {
  const labels = new Map()
  const add = (label, domain) => {
    if (domain.includes('*')) throw new Error(`${label}.${domain}: a \`*\` that is not in front`)
    labels.set(domain, [...(labels.get(domain) ?? []), label])
  }
  for (const [label, ...rest] of rulesFrom(trie.rulesRoot)) {
    if (rest.length > 0) add(label, rest.join('.'))
  }
  for (const [label, ...rest] of rulesFrom(trie.exceptionsRoot)) add(`!${label}`, rest.join('.'))
  return [...labels].map(([domain, names]) => [domain, ...names.sort()].join(' ')).sort()
}

const wanted = `${HEAD}'${groups().join(';')}'\n`
if (!process.argv.includes('--check')) {
  writeFileSync(LIST, wanted)
} else if (readFileSync(LIST, 'utf8') !== wanted) {
  console.error(
    'The public suffixes are not those of tldts: run `node scripts/public-suffixes.mjs`.',
  )
  process.exitCode = 1
}
