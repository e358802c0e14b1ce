/**
 * `node test/faults/run.mjs [--kills 200]`: downloads under fire. Longer than unit tests, and in part
 * for a machine where tmpfs may be mounted and nginx is installed: what cannot be done is skipped.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '200' } },
})
// Inside the repository, so that the bundles find their packages.
const outdir = join(root, '.cache', 'faults', String(process.pid))
mkdirSync(outdir, { recursive: true })
try {
  const files = readdirSync(here).filter((name) => name.endsWith('.ts'))
  await build({
    entryPoints: files.map((name) => join(here, name)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    external: ['./undici.js'],
    sourcemap: true,
    logLevel: 'warning',
  })
  const tests = files
    .filter((name) => name.endsWith('.test.ts') && name.includes(positionals[0] ?? ''))
    .map((name) => join(outdir, name.replace(/\.ts$/, '.mjs')))
  const child = spawn(process.execPath, ['--enable-source-maps', '--test', ...tests], {
    stdio: 'inherit',
    env: { ...process.env, KILLS: values.kills },
  })
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
} finally {
  rmSync(outdir, { recursive: true, force: true })
}
