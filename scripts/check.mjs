/**
 * `npm run check [filter] [--built]`: everything that reads the code without running it, one line per check,
 * the tool's own words below a line that failed. `npm run fix` writes what can be written.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { measureSizes } from './size.mjs'
import { measureWorker } from './worker-size.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')

/** Each resolves to what it has to say, and rejects with what is wrong. */
const CHECKS = {
  prettier: () => node('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  eslint: () => node('eslint/bin/eslint.js', '--max-warnings', '0', '.'),
  'types of the core': () => node('typescript/bin/tsc', '-p', 'tsconfig.core.json'),
  'types of the tests': () => node('typescript/bin/tsc', '-p', 'tsconfig.test.json'),
  build: () => run(process.execPath, [join(root, 'scripts', 'build.mjs')]),
  // After the build: what is published, as programs see it that have no types of the DOM.
  'types of the package': () => node('typescript/bin/tsc', '-p', 'test/types/published'),
  'versions agree': checkVersions,
  'deno.json agrees': checkDeno,
  'capability table': () =>
    run(process.execPath, [join(root, 'scripts/capabilities.mjs'), '--check']),
  'fault table': () => run(process.execPath, [join(root, 'scripts/faults.mjs'), '--check']),
  // After the build, whose bundle it takes along.
  'JSR package': () => run(process.execPath, [join(root, 'scripts/jsr.mjs'), '--check']),
  publint: () => withTarball(checkPackage),
  'are the types wrong': () => withTarball(checkTypes),
  'browser sizes': checkSizes,
  'Worker size': checkWorkerSize,
}

async function checkAll(filter) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const names = Object.keys(CHECKS).filter((name) => name.includes(filter) && !isDone(name))
  let failed = 0
  for (const name of names) {
    const started = performance.now()
    const [mark, words] = await CHECKS[name]().then(
      (said) => ['ok    ', said ?? ''],
      (error) => ['FAILED', String(error.message)],
    )
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if (mark === 'FAILED') failed += 1
    const brief = mark === 'FAILED' || words === '' ? '' : `: ${words}`
    console.log(`${mark} ${name} (${seconds} s)${brief}`)
    if (mark === 'FAILED') console.log(words.trimEnd().replace(/^/gm, '       '))
  }
  return { passed: names.length - failed, failed }
}

/** Building again would take the files away from whoever uses them at that time. */
function isDone(name) {
  return name === 'build' && process.argv.includes('--built')
}

async function checkVersions() {
  const version = readJson('package.json').version
  const others = {
    'CHANGELOG.md': /^## (\d+\.\d+\.\d+\S*)/m.exec(readText('CHANGELOG.md'))?.[1],
    'src/version.ts': /VERSION = '([^']+)'/.exec(readText('src/version.ts'))?.[1],
    'deno.json': readJson('deno.json').version,
    'package-lock.json': readJson('package-lock.json').version,
  }
  const wrong = Object.entries(others).filter(([, each]) => each !== version)
  if (wrong.length === 0) return version
  throw new Error(wrong.map(([file, each]) => `${file} says ${each}, not ${version}`).join('\n'))
}

/** The same names on JSR and npm, the same ranges of the same packages. */
async function checkDeno() {
  const { exports, dependencies } = readJson('package.json')
  const deno = readJson('deno.json')
  const wrong = []
  for (const name of Object.keys(exports).filter((each) => each !== './package.json')) {
    if (deno.exports[name] === undefined) wrong.push(`deno.json exports no ${name}`)
  }
  for (const [name, range] of Object.entries(dependencies)) {
    const wanted = `npm:${name}@${range}`
    if (deno.imports[name] !== wanted) wrong.push(`deno.json imports no "${name}": "${wanted}"`)
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

async function checkPackage(tarball) {
  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  if (messages.length === 0) return undefined
  throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'))
}

function checkTypes(tarball) {
  const cli = '@arethetypeswrong/cli/dist/index.js'
  return node(cli, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', tarball)
}

async function checkSizes() {
  const sizes = await measureSizes()
  const words = sizes.map(({ name, bytes, limit }) => `${name} ${bytes} B of ${limit}`).join(', ')
  if (sizes.some(({ bytes, limit }) => bytes > limit)) throw new Error(words)
  return `${words} (brotli)`
}

async function checkWorkerSize() {
  const { bytes, limit } = await measureWorker()
  const words = `get ${bytes} B of ${limit} (minified)`
  if (bytes > limit) throw new Error(words)
  return words
}

async function withTarball(check) {
  const folder = mkdtempSync(join(tmpdir(), 'ubiquest-pack-'))
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
    const [{ filename }] = JSON.parse(await capture(npm, args))
    return await check(join(folder, filename))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A tool's script under node_modules; it has nothing to say when all is well. */
async function node(script, ...args) {
  await run(process.execPath, [join(modules, script), ...args])
}

async function run(command, args) {
  await capture(command, args)
}

/** Standard output alone; with both when it fails. */
function capture(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let all = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      all += chunk
    })
    child.stderr.on('data', (chunk) => {
      all += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(all))
    })
  })
}

function readText(file) {
  return readFileSync(join(root, file), 'utf8')
}

function readJson(file) {
  return JSON.parse(readText(file))
}

const { passed, failed } = await checkAll(
  process.argv.slice(2).find((each) => !each.startsWith('--')) ?? '',
)
console.log(`# pass ${passed}\n# fail ${failed}`)
process.exitCode = failed === 0 ? 0 : 1
