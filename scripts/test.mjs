/**
 * `npm test`: sets the machine up and hands over to the launcher.
 * `npm test -- [filter] [--target name] [--case regexp] [--update-expectations] [--keep]`
 */
import { runCompiled } from './compiled.mjs'
import { ensurePackages, ensureServers } from './setup.mjs'

ensurePackages()
ensureServers()
await runCompiled('test/harness/launch.ts')
