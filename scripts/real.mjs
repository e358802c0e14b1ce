/**
 * `npm run test:real [-- --kills 200]`: the library against other people's programs (nginx, Apache,
 * httpbin, squid, tinyproxy, microsocks, Redis, curl, Python), and downloads under fire.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensurePackages, ensurePrograms, root } from './setup.mjs'

const KILLS = 20

ensurePackages()
ensurePrograms()
const kills = process.argv.includes('--kills') ? process.argv.slice(2) : ['--kills', String(KILLS)]
const runs = [
  ['scripts/unit.mjs', '--real'],
  ['test/real/downloads.mjs'],
  ['test/faults/run.mjs', ...kills],
]
let [passed, failed] = [0, 0]
for (const args of runs) {
  const { code, output } = await run(args)
  const bad = count(output, 'fail', /^✗ /gm)
  passed += count(output, 'pass', /^✓ /gm)
  // A runner that ends badly has failed, whatever it has counted.
  failed += code === 0 ? bad : Math.max(1, bad)
  if (code !== 0) console.log(output)
}
console.log(`# pass ${passed}\n# fail ${failed}`)
process.exitCode = failed === 0 ? 0 : 1

async function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => chunks.push(chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, output: Buffer.concat(chunks).toString() }
}

/** The summary of Node's runner, or a line for each. */
function count(output, word, line) {
  const summary = new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)
  return summary === null ? (output.match(line) ?? []).length : Number(summary[1])
}
