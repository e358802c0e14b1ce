/**
 * `npm test`: sets the machine up, compiles the launcher (Node 20 runs no TypeScript) and hands over.
 * `npm test -- [filter] [--target name] [--case regexp] [--update-expectations] [--keep]`
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as setup from './setup.mjs'

setup.ensurePackages()
const { build } = await import('esbuild')
const { binary } = await import('./binaries.mjs')
const outfile = join(setup.root, `.cache/test/launch-${process.pid}.mjs`)
await build({
  entryPoints: [join(setup.root, 'test/harness/launch.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
})
try {
  const { main } = await import(pathToFileURL(outfile).href)
  process.exitCode = await main({ ...setup, binary }, process.argv.slice(2))
} finally {
  rmSync(outfile, { force: true })
}
