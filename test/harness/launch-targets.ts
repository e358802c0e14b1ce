/** Which target is run how: processes here, the other families in their own files. */
import { join } from 'node:path'
import { runInBrowser } from '../../test-browser/launch.ts'
import { runInWebKit } from '../../test-browser/launch-webkit.ts'
import { decodeMessage } from '../drivers/protocol.ts'
import type { DriverSettings, Report } from '../drivers/protocol.ts'
import type { Servers } from './case.ts'
import { bundleForPonyfill, bundleForProcess } from './launch-bundle.ts'
import type { Job, Run } from './launch-job.ts'
import { runInWorkerd } from './launch-workerd.ts'

export const RUNS: Readonly<Record<string, Run>> = {
  node20: async (job) => await runInNode(job, 20),
  node22: async (job) => await runInNode(job, 22),
  node24: async (job) => await runInNode(job, 24),
  node26: async (job) => await runInNode(job, 26),
  deno: runInDeno,
  bun: runInBun,
  workerd: runInWorkerd,
  chromium: runInBrowser,
  firefox: runInBrowser,
  webkit: runInWebKit,
  ponyfill: runInPonyfill,
}

async function runInNode(job: Job, major: number): Promise<void> {
  const driver = await compile(job, 'test/drivers/node.ts')
  const args = ['--enable-source-maps', driver, settingsOf(job)]
  await runProcess(job, job.tools.nodeBinary(major), args)
}

async function runInBun(job: Job): Promise<void> {
  const driver = await compile(job, 'test/drivers/node.ts')
  await runProcess(job, job.tools.binary('bun'), ['--no-install', driver, settingsOf(job)])
}

/** No permission but those the library asks its users for, and files in the folder of the cases. */
async function runInDeno(job: Job): Promise<void> {
  const driver = await compile(job, 'test/drivers/deno.ts')
  const permissions = ['--allow-net', `--allow-read=${job.folder}`, `--allow-write=${job.folder}`]
  const modes = [
    '--no-check',
    '--no-lock',
    '--trace-leaks',
    '--no-prompt',
    '--node-modules-dir=manual',
  ]
  const args = ['test', ...modes, ...permissions, driver, '--', settingsOf(job)]
  // What the pool holds on to after that would be taken for a leak.
  const report: Report = (message) => {
    job.report(message)
    if (message.kind === 'end') void job.stopServer()
  }
  await runProcess({ ...job, report }, job.tools.binary('deno'), args)
}

/** A context with an old engine's globals, inside a Node process that lends it sockets. */
async function runInPonyfill(job: Job): Promise<void> {
  const { project, tools } = job
  const cases = join(project, 'ponyfill-cases.mjs')
  const entry = 'test/drivers/ponyfill.ts'
  await bundleForPonyfill({ root: tools.root, project, entry, outfile: cases })
  const host = await compile(job, 'test/drivers/ponyfill-host.ts')
  const modes = ['--enable-source-maps', '--experimental-vm-modules', '--no-warnings']
  await runProcess(job, process.execPath, [...modes, host, settingsOf(job), cases])
}

async function compile({ tools, project, target }: Job, entry: string): Promise<string> {
  const outfile = join(project, `cases-${target}.mjs`)
  await bundleForProcess({ root: tools.root, project, entry, outfile })
  return outfile
}

function settingsOf({ target, servers, only, folder }: Job): string {
  const settings: DriverSettings<Servers> = { target, servers, only, temp: folder }
  return JSON.stringify(settings)
}

async function runProcess(job: Job, command: string, args: readonly string[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const running = job.processes.start(command, args, {
    cwd: job.project,
    env: cleanEnvironment(job),
    onLine: (line) => {
      const message = decodeMessage(line)
      if (message !== null) job.report(message)
      if (message?.kind === 'end')
        timer = setTimeout(() => {
          job.report({ kind: 'fault', error: LINGERS })
          void running.stop()
        }, EXIT_LIMIT_MS)
      return message !== null
    },
  })
  running.child.stdin?.end()
  const code = await running.exited
  clearTimeout(timer)
  if (code === 0 || code === 'SIGTERM' || job.signal.aborted) return
  const text = `the process ended with ${String(code)}; it printed:\n${running.tail()}`
  job.report({ kind: 'fault', error: text })
}

/** Less than the server keeps idle connections: waiting for that is what must not happen. */
const EXIT_LIMIT_MS = 12_000
const LINGERS = `every case is over, but for ${String(EXIT_LIMIT_MS)} milliseconds something (an \
unread body, an idle socket, a timer) has kept the process from ending`

/** Proxies and authorities of the developer's machine are none of the suite's business. */
function cleanEnvironment({ folder }: Job): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, TMPDIR: folder, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' }
}
