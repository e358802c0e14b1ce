/**
 * `npm run jsr [-- options of deno publish]`: publishes to JSR. What Deno loads from there are the
 * sources, with the bundle of undici that the build makes beside them, so that `--allow-net` is all it
 * asks for. `--check` publishes nothing: it looks at what would be published, and runs it.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary } from './binaries.mjs'
import { ensurePackages, root } from './setup.mjs'

const BUNDLE = 'adapters/deno/undici.js'

/** A session, a body there and back, and how many connections that took. */
const PROGRAM = `import * as requests from './adapters/deno/index.ts'
const session = new requests.Session()
const answer = await session.post(Deno.args[0], { json: { a: 1 } })
console.log(requests.runtime, await answer.text(), session.stats().created)
await session.close()
`
const PRINTED = 'deno {"a":1} 1\n'

ensurePackages()
const folder = mkdtempSync(join(tmpdir(), 'ubiquest-jsr-'))
try {
  const args = process.argv.slice(2)
  const checks = args.includes('--check')
  if (!checks) await run(process.execPath, [join(root, 'scripts/build.mjs')], root)
  stage()
  await run(binary('deno'), ['publish', ...(checks ? ['--dry-run'] : args)], folder)
  if (checks) await tryProgram()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Outside of the repository, whose list of ignored files Deno would heed. */
function stage() {
  const { publish } = JSON.parse(readFileSync(join(root, 'deno.json'), 'utf8'))
  for (const name of publish.include) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  cpSync(join(root, 'dist', BUNDLE), join(folder, BUNDLE))
  rmSync(join(folder, 'adapters/deno/undici-entry.js'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
}

/** With the one permission that the README promises. */
async function tryProgram() {
  const server = createServer((request, response) => request.pipe(response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    writeFileSync(join(folder, 'program.js'), PROGRAM)
    const url = `http://127.0.0.1:${server.address().port}/`
    const flags = ['--quiet', '--no-prompt', '--no-lock', '--allow-net']
    const printed = await run(binary('deno'), ['run', ...flags, 'program.js', url], folder)
    if (printed !== PRINTED) throw new Error(`the program printed ${JSON.stringify(printed)}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** Resolves to what it printed, which is shown as well. */
function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['inherit', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
      process.stdout.write(chunk)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}`))
    })
  })
}
