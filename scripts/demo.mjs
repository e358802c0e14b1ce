/** `npm run demo [-- --runtime name] [--size MiB]`: sets the machine up, builds and does the job. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runCompiled } from './compiled.mjs'
import { ensurePackages, root } from './setup.mjs'

ensurePackages()
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
if (built.status === 0) await runCompiled('examples/demo/launch.ts')
else process.exitCode = 1
