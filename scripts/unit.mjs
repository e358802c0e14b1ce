/**
 * `node scripts/unit.mjs [filter]`: the unit tests and the architecture test. Node 20 runs no
 * TypeScript, so each test is bundled with the sources it imports; packages stay outside.
 * `--real`: instead of these, the tests against other people's programs (Apache, nginx, httpbin,
 * curl, Python's requests, libraries that take a fetch), each skipped where its program is missing.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const args = process.argv.slice(2)
const isReal = args.includes('--real')

process.exitCode = await runUnitTests(args.find((each) => !each.startsWith('--')) ?? '')

/** Resolves to the exit code; a filter matches any part of the test's path. */
async function runUnitTests(filter) {
  const tests = findTests().filter((file) => file.includes(filter))
  if (tests.length === 0) {
    console.error(`No unit test has "${filter}" in its path.`)
    return 1
  }
  // A folder of its own, so that several runs in one checkout do not meet.
  const outdir = join(root, '.cache', 'unit', String(process.pid))
  mkdirSync(outdir, { recursive: true })
  try {
    await bundle(tests, outdir)
    return await runNode(tests, outdir)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

function findTests() {
  const files = (isReal ? ['real', 'parity'] : ['unit']).flatMap((name) => {
    const folder = join(root, 'test', name)
    const found = existsSync(folder) ? readdirSync(folder, { recursive: true }) : []
    return found.map((file) => join(folder, String(file)))
  })
  if (!isReal) files.push(join(root, 'test', 'architecture.test.ts'))
  return files
    .filter((file) => file.endsWith('.test.ts') && existsSync(file))
    .map((file) => relative(root, file))
    .sort()
}

async function bundle(tests, outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: tests,
    outdir,
    outbase: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // Made by the build, beside the compiled adapter; sources fall back to the package.
    external: ['./undici.js'],
    sourcemap: true,
    logLevel: 'warning',
    keepNames: true,
  })
}

/** Node's report goes to the screen, its totals are printed once more as `# pass N`. */
async function runNode(tests, outdir) {
  const totals = join(outdir, 'totals.tap')
  const files = tests.map((file) => join(outdir, file.replace(/\.ts$/, '.mjs')))
  const reporters = ['spec', 'tap'].map((each) => `--test-reporter=${each}`)
  const destinations = ['stdout', totals].map((each) => `--test-reporter-destination=${each}`)
  const code = await new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--test', ...reporters, ...destinations, ...files],
      { cwd: root, stdio: 'inherit' },
    )
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  for (const line of readFileSync(totals, 'utf8').split('\n')) {
    if (/^# (tests|pass|fail|cancelled|skipped) \d+$/.test(line)) console.log(line)
  }
  return code
}
