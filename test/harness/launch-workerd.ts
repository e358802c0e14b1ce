/** A real `workerd serve` with the cases as its one worker; each case is one invocation. */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { DriverSettings, Message } from '../drivers/protocol.ts'
import type { Servers } from './case.ts'
import { bundleForWorkerd } from './launch-bundle.ts'
import type { Job } from './launch-job.ts'
import type { Running } from './launch-process.ts'

/** Above the 20 s and 5 s that a case and its sessions have. */
const INVOCATION_LIMIT_MS = 30_000

export async function runInWorkerd(job: Job): Promise<void> {
  const outfile = join(job.folder, 'worker.mjs')
  const { root } = job.tools
  const entry = 'test/drivers/workerd.ts'
  await bundleForWorkerd({ root, project: job.project, entry, outfile })
  await writeFile(join(job.folder, 'ca.pem'), job.servers.ca)
  const config = join(job.folder, 'config.capnp')
  await copyFile(join(root, 'test/drivers/workerd.capnp'), config)
  await copyFile(join(root, 'test/drivers/workerd-store.mjs'), join(job.folder, 'store.mjs'))
  const running = job.processes.start(
    job.tools.binary('workerd'),
    ['serve', '--control-fd=3', config],
    { cwd: job.folder, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const url = `http://127.0.0.1:${String(await listening(running))}/`
  for (const name of job.names) {
    if (job.signal.aborted) return
    for (const message of await invoke(job, url, name)) job.report(message)
    // A crash takes the results of all that follow with it; say what it printed.
    if (running.child.exitCode !== null) throw new Error(`workerd ended:\n${running.tail()}`)
  }
  job.report({ kind: 'end' })
}

/** workerd tells the port it was given on the file descriptor named by `--control-fd`. */
export async function listening(running: Running): Promise<number> {
  const control = running.child.stdio[3]
  return await new Promise((resolve, reject) => {
    void running.exited.then(() => {
      reject(new Error(`workerd did not start:\n${running.tail()}`))
    })
    if (!control) return
    // An extra 'pipe' can be read and written.
    createInterface(control as Readable).on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event?: string; port?: number }
      if (event === 'listen' && port !== undefined) resolve(port)
    })
  })
}

async function invoke(job: Job, url: string, name: string): Promise<readonly Message[]> {
  const { target, servers } = job
  const settings: DriverSettings<Servers> = { target, servers, only: name, temp: null }
  const start = Date.now()
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(settings),
      signal: AbortSignal.any([job.signal, AbortSignal.timeout(INVOCATION_LIMIT_MS)]),
    })
    if (!response.ok) throw new Error(`HTTP ${String(response.status)}: ${await response.text()}`)
    // The worker answers with the messages of one case.
    return (await response.json()) as Message[]
  } catch (error) {
    const text = `the invocation failed: ${String(error)}`
    return [{ kind: 'result', name, status: 'failed', error: text, ms: Date.now() - start }]
  }
}
