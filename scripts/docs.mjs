/** `npm run docs [-- filter]`: every fenced example of the documentation, checked and run. */
import { runCompiled } from './compiled.mjs'
import { ensurePackages } from './setup.mjs'

ensurePackages()
await runCompiled('test/docs/run.ts')
