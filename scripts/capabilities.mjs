/**
 * `node scripts/capabilities.mjs [--check]`: docs/capabilities.md and the table of the README from the
 * expectations of the suite, which every run holds against what the transports declare. The words are
 * those of `src/capabilities.ts`.
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

/** What a user asks first; the page has all. */
const IN_README = [
  ...['manualRedirect', 'cookies', 'anyHeader', 'streamUpload', 'uploadLength', 'rawBody'],
  ...[
    'errorDetail',
    'tlsVerifyOff',
    'customCA',
    'proxy',
    'socks',
    'pool',
    'connectTimeout',
    'paths',
  ],
]

const INTRODUCTION = `# What each runtime can do

Made by \`scripts/capabilities.mjs\` from \`test/expectations/\`; do not edit. Every run of the suite
compares it with what the transports declare, and every case that a runtime skips names one of these
capabilities. Where one is missing, an option that needs it is an \`UnsupportedError\`; the interface is in
[\`src/capabilities.ts\`](../src/capabilities.ts). At run time ask \`requests.capabilities\`.`

await put('docs/capabilities.md', () => page())
await put('README.md', (old) =>
  old.replace(/(?<=<!-- capabilities:begin -->).*(?=<!-- cap)/s, short()),
)

/** Writes what `make` makes of the file, or says that it has become something else. */
async function put(name, make) {
  const path = join(root, name)
  const old = readFileSync(path, 'utf8')
  const text = await format(make(old), { ...(await resolveConfig(path)), parser: 'markdown' })
  if (text === old) return
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else {
    console.error(`${name} is not what the suite says: node scripts/capabilities.mjs`)
    process.exitCode = 1
  }
}

function page() {
  const meaning = Object.fromEntries(meanings().map((each) => [each.name, each.meaning]))
  return `${INTRODUCTION}\n\n${table(({ name }) => ['`' + name + '`', meaning[name]], ['capability', 'meaning'])}`
}

/** For the README: the chief ones, without the meanings, which are on the page it links to. */
function short() {
  const rows = meanings().filter(({ name }) => IN_README.includes(name))
  return `\n\n${table(({ name }) => ['`' + name + '`'], ['capability'], rows)}\n`
}

function table(describe, titles, members = meanings()) {
  const targets = columns()
  const head = [...titles, ...targets.map(({ title }) => title)]
  const rows = members.map((each) => {
    const cells = targets.map(({ capabilities }) =>
      capabilities[each.name] === true ? 'yes' : '–',
    )
    return [...describe(each), ...cells]
  })
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
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
