/** The test server as a child process: outside of every runtime under test. */
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Servers } from './case.ts'
import type { Processes } from './launch-process.ts'

export interface TestServer {
  readonly servers: Servers
  stop(): Promise<void>
}

const START_LIMIT_MS = 30_000

/** @returns the path of the compiled server. */
export async function bundleServer(root: string): Promise<string> {
  // Inside the repository, so that the server finds its packages.
  const outfile = join(root, `.cache/test/server-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, 'test/server/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  return outfile
}

/** One server per target: counters are its own, and a crash is nobody else's. */
export async function startServer(
  processes: Processes,
  path: string,
  folder: string,
): Promise<TestServer> {
  let heard = (_line: string): boolean => false
  const args = ['--enable-source-maps', path]
  const running = processes.start(process.execPath, args, {
    onLine: (line) => heard(line),
    // Its unix socket lies where the target may reach it.
    env: { ...process.env, TMPDIR: folder },
  })
  return await new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error(`The test server did not start:\n${running.tail()}`))
    }
    const timer = setTimeout(fail, START_LIMIT_MS)
    heard = (line) => {
      if (!line.startsWith('{')) return false
      clearTimeout(timer)
      // The one line of JSON that the server prints when it listens.
      resolve({ servers: JSON.parse(line) as Servers, stop: running.stop })
      return true
    }
    void running.exited.then(fail)
  })
}
