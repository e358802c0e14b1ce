/** Entry for Node and Bun: the settings are the one argument. */
import { runAll, watchFaults } from './process.ts'

watchFaults()
await runAll(process.argv[2] ?? '')
