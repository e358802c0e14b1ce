/** `npm run demo`: sets the machine up, builds the library, compiles the demo and hands over. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as setup from './setup.mjs'

setup.ensurePackages()
const { build } = await import('esbuild')
const { binary } = await import('./binaries.mjs')
const built = spawnSync(process.execPath, [join(setup.root, 'scripts/build.mjs')], {
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(1)
// Inside the repository, so that the demo's server finds its packages.
const outfile = join(setup.root, `.cache/demo-${process.pid}.mjs`)
await build({
  entryPoints: [join(setup.root, 'examples/demo/launch.ts')],
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
