/** `npm run demo [-- --runtime name] [--size MiB]`: sets the machine up, builds and does the job. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runCompiled } from './compiled.mjs'
import { ensurePackages, root } from './setup.mjs'

ensurePackages()
if (process.argv.includes('--no-build') || built()) await runCompiled('examples/demo/launch.ts')
else process.exitCode = 1

function built() {
  const script = join(root, 'scripts/build.mjs')
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status === 0
}
