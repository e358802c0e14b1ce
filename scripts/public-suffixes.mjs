/**
 * The public suffixes of tldts as one text, for Workers: an engine reads over a text at once, where it
 * has to parse a table, and a Worker holds all code in one file, so that it would do that at each start.
 */
import { fileURLToPath } from 'node:url'
import * as trie from '../node_modules/tldts/dist/es6/src/data/trie.js'

const LOOKUP = fileURLToPath(new URL('suffix-lookup.mjs', import.meta.url))
const NAME = 'tldts'
const OWN = '\0public-suffixes'

/** For rollup: in place of the package, a text and what looks a name up in it. */
export const suffixesAsText = {
  name: 'suffixes-as-text',
  resolveId: (id) => (id === NAME ? OWN : null),
  load: (id) => (id === OWN ? moduleText() : null),
}

function moduleText() {
  return `import { suffixFinder } from ${JSON.stringify(LOOKUP)}
/*! Made of the Public Suffix List (https://publicsuffix.org), which is under the Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/). */
const list = '${suffixList()}'
let find
export function getPublicSuffix(domain) {
  find ??= suffixFinder(list)
  return find(domain)
}
`
}

/** As `suffix-lookup.mjs` reads it. */
export function suffixList() {
  return groups()
    .map(([domain, ...labels]) => [domain, ...labels].join(' '))
    .join(';')
}

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
  return [...labels].map(([domain, names]) => [domain, ...names.sort()]).sort()
}
