/** Entry for Node and Bun: the settings are the one argument. */
import { reportFault, runAll } from './process.ts'

process.on('unhandledRejection', reportFault)
process.on('uncaughtException', reportFault)

await runAll(process.argv[2] ?? '')
