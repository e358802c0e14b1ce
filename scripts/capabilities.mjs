/**
 * `node scripts/capabilities.mjs [--check]`: docs/capabilities.md from the expectations of the suite,
 * which every run holds against what the transports declare. The words are those of `src/capabilities.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from './setup.mjs'

const COLUMNS = {
  Node: ['node20', 'node22', 'node24', 'node26'],
  Deno: ['deno'],
  Bun: ['bun'],
  workerd: ['workerd'],
  Chromium: ['chromium'],
  Firefox: ['firefox'],
  WebKit: ['webkit'],
  ponyfill: ['ponyfill'],
}

const INTRODUCTION = `# What each runtime can do

Made by \`scripts/capabilities.mjs\` from \`test/expectations/\`; do not edit. Every run of the suite
compares it with what the transports declare, and every case that a runtime skips names one of these
capabilities. Where one is missing, an option that needs it is an \`UnsupportedError\`; the interface is in
[\`src/capabilities.ts\`](../src/capabilities.ts). At run time ask \`requests.capabilities\`.`

const path = join(root, 'docs/capabilities.md')
const text = await format(page(), { ...(await resolveConfig(path)), parser: 'markdown' })
if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.error('docs/capabilities.md is not what the suite says: node scripts/capabilities.mjs')
  process.exitCode = 1
}

function page() {
  const targets = columns()
  const head = ['capability', 'meaning', ...targets.map(({ title }) => title)]
  const rows = meanings().map(({ name, meaning }) => {
    const cells = targets.map(({ capabilities }) => (capabilities[name] === true ? 'yes' : '–'))
    return ['`' + name + '`', meaning, ...cells]
  })
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${INTRODUCTION}\n\n${table.join('\n')}\n`
}

/** One column per runtime; its versions have to agree. */
function columns() {
  return Object.entries(COLUMNS).map(([title, targets]) => {
    const files = targets.map((target) => join(root, `test/expectations/${target}.json`))
    const texts = files.map((file) => JSON.parse(readFileSync(file, 'utf8')).capabilities)
    const different = texts.find((each) => JSON.stringify(each) !== JSON.stringify(texts[0]))
    if (different !== undefined) throw new Error(`${targets.join(', ')} differ in capabilities.`)
    return { title, capabilities: texts[0] }
  })
}

/** The members of `Capabilities` and the comments above them. */
function meanings() {
  const source = readFileSync(join(root, 'src/capabilities.ts'), 'utf8')
  const body = /export interface Capabilities \{\n(.*?)\n\}/s.exec(source)?.[1] ?? ''
  if (body === '') throw new Error('src/capabilities.ts has no interface Capabilities any more.')
  const members = body.matchAll(/(?:\/\*\*(.*?)\*\/\s*)?readonly (\w+)\??: boolean/gs)
  return Array.from(members, ([, comment = '', name]) => {
    const meaning = comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim()
    return { name, meaning: meaning.replaceAll('|', '\\|') }
  })
}
