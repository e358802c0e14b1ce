/**
 * `npm test`: sets the machine up and hands over to the launcher.
 * `npm test -- [filter] [--target name] [--case regexp] [--update-expectations] [--keep]`
 */
import { runCompiled } from './compiled.mjs'
import { ensurePackages } from './setup.mjs'

ensurePackages()
await runCompiled('test/harness/launch.ts')
