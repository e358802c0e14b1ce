/**
 * `node scripts/faults.mjs [--check]`: docs/faults.md from the table that the suite holds against
 * every runtime (`test/cases/fault-table.ts`).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { format, resolveConfig } from 'prettier'
import { root } from './setup.mjs'

const COLUMNS = {
  'Node 20': ['node20', 'node'],
  'Node 26': ['node26', 'node'],
  Deno: ['deno'],
  Bun: ['bun'],
  workerd: ['workerd'],
  Chromium: ['chromium', 'browser'],
  Firefox: ['firefox', 'browser'],
  WebKit: ['webkit', 'browser'],
  ponyfill: ['ponyfill'],
}

const INTRODUCTION = `# Faults

Made by \`scripts/faults.mjs\` from the table that every run of the suite holds against every runtime
([\`test/cases/fault-table.ts\`](../test/cases/fault-table.ts)); do not edit. Each cell is the class of the
error; behind it stands its \`code\`. The classes are in [\`src/errors.ts\`](../src/errors.ts).

Browsers and workerd do not tell why a connection failed, so that there is one class and one code for all
of it. \`UnsupportedError\` means that the runtime cannot be asked for such a thing at all. Where Firefox and
WebKit show no error for a certificate, the suite runs them with the check of certificates switched off.`

const path = join(root, 'docs', 'faults.md')
const text = await format(page(await loadTable()), {
  ...(await resolveConfig(path)),
  parser: 'markdown',
})
if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.error('docs/faults.md is not what the suite says: node scripts/faults.mjs')
  process.exitCode = 1
}

function page(faults) {
  const names = Object.keys(COLUMNS)
  const head = `| fault | ${names.join(' | ')} |\n|${' --- |'.repeat(names.length + 1)}`
  const rows = Object.entries(faults).map(([fault, row]) => {
    const cells = names.map((name) => cell(row, COLUMNS[name]))
    return `| ${fault} | ${cells.join(' | ')} |`
  })
  return `${INTRODUCTION}\n\n${head}\n${rows.join('\n')}\n`
}

function cell(row, keys) {
  const key = keys.find((each) => Object.hasOwn(row, each)) ?? 'else'
  const [name, code] = row[key].split(' ')
  if (row[key] === 'no error') return '–'
  return code === undefined ? name : `${name} \`${code}\``
}

async function loadTable() {
  const outfile = join(root, '.cache', `fault-table-${process.pid}.mjs`)
  const entry = join(root, 'test', 'cases', 'fault-table.ts')
  await build({ entryPoints: [entry], outfile, format: 'esm', logLevel: 'warning' })
  try {
    const { FAULTS } = await import(pathToFileURL(outfile).href)
    return FAULTS
  } finally {
    rmSync(outfile, { force: true })
  }
}
