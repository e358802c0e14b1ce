// `node test/real/downloads.mjs`: downloads from nginx and httpbin, on Node, Deno and Bun, with the
// built package (`npm run build`).
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installServers, startHttpbin, startNginx } from './servers.mjs'
import { binary } from '../../scripts/binaries.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const child = join(here, 'downloads-child.mjs')
const RUNTIMES = {
  node: [process.execPath, child],
  deno: [binary('deno'), 'run', '--quiet', '-A', child],
  bun: [binary('bun'), '--no-install', child],
}

installServers()
const nginx = await startNginx()
const httpbin = await startHttpbin()
const folder = await mkdtemp(join(tmpdir(), 'ubiquest-real-'))
try {
  await writeFile(join(folder, 'text'), nginx.text)
  await writeFile(join(folder, 'bytes'), nginx.bytes)
  for (const [runtime, [file, ...args]] of Object.entries(RUNTIMES)) {
    const code = await run(file, [...args, runtime, nginx.url, httpbin.url, folder])
    if (code !== 0) process.exitCode = 1
  }
} finally {
  await nginx.stop()
  await httpbin.stop()
  await rm(folder, { recursive: true })
}

function run(file, args) {
  return new Promise((resolve, reject) => {
    const process = spawn(file, args, { stdio: 'inherit' })
    process.once('error', reject)
    process.once('close', resolve)
  })
}
