/** How the job is started on each runtime; every one imports the packed and installed package. */
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleForProcess, bundleForWorkerd } from '../../test/harness/launch-bundle.ts'
import type { Tools } from '../../test/harness/launch-job.ts'
import { listening } from '../../test/harness/launch-workerd.ts'
import type { Processes, Running } from '../../test/harness/launch-process.ts'
import { inPlaywright, inWebKit } from './browsers.ts'
import type { DemoFiles } from './files.ts'
import type { Manifest, Message, Report } from './protocol.ts'
import type { DemoServer } from './server.ts'

export interface Start {
  readonly runtime: string
  readonly tools: Tools
  readonly project: string
  readonly server: DemoServer
  readonly files: DemoFiles
  readonly manifest: Manifest
  readonly processes: Processes
  readonly report: Report
}
export interface Outcome {
  /** Bytes; null where it cannot be told. */
  readonly peakMemory: number | null
}
export interface Runtime {
  /** How many connections serve the whole job, in words. */
  readonly expected: string
  /** More than these, and the demo has failed. */
  readonly connections: number
  /** TLS with an authority that script brings along; otherwise plain HTTP. */
  readonly secure: boolean
  run(start: Start): Promise<Outcome>
}

const ONE = { expected: '1, kept alive', connections: 1 }
const BROWSER = {
  expected: 'as the browser likes: its pool is its own',
  connections: Infinity,
}

export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  node: { ...ONE, secure: true, run: (start) => inProcess(start, process.execPath, []) },
  node20: { ...ONE, secure: true, run: (start) => inNode(start, 20) },
  node22: { ...ONE, secure: true, run: (start) => inNode(start, 22) },
  node24: { ...ONE, secure: true, run: (start) => inNode(start, 24) },
  node26: { ...ONE, secure: true, run: (start) => inNode(start, 26) },
  deno: { ...ONE, secure: true, run: inDeno },
  bun: {
    expected: '1 or 2: Bun reuses a connection when it has read the answer',
    connections: 2,
    secure: true,
    run: (start) => inProcess(start, start.tools.binary('bun'), ['--no-install']),
  },
  workerd: {
    expected: 'as workerd likes: it pools outside of the Worker',
    connections: Infinity,
    secure: true,
    run: inWorkerd,
  },
  chromium: { ...BROWSER, secure: false, run: inPlaywright },
  firefox: { ...BROWSER, secure: false, run: inPlaywright },
  webkit: { ...BROWSER, secure: false, run: inWebKit },
}

async function inNode(start: Start, major: number): Promise<Outcome> {
  start.tools.ensureNodes([major])
  return inProcess(start, start.tools.nodeBinary(major), [])
}

/** The permissions a user would give: the network, and these folders. */
async function inDeno(start: Start): Promise<Outcome> {
  const { project, tools } = start
  const modes = ['--no-check', '--no-lock', '--no-prompt', '--node-modules-dir=manual']
  const permissions = ['--allow-net', `--allow-read=${project}`, `--allow-write=${project}`]
  return inProcess(start, tools.binary('deno'), ['run', ...modes, ...permissions])
}

async function inProcess(start: Start, command: string, args: readonly string[]): Promise<Outcome> {
  const { project, tools, processes } = start
  const outfile = join(project, 'demo.mjs')
  await bundleForProcess({ root: tools.root, project, entry: 'examples/demo/process.ts', outfile })
  const settings = join(project, 'manifest.json')
  await writeFile(settings, JSON.stringify(start.manifest))
  let peakMemory: number | null = null
  const running = processes.start(command, [...args, outfile, settings], {
    cwd: project,
    onLine: (line) => {
      if (!line.startsWith('{')) return false
      // The memory has to be looked up while the process is there.
      const memory = peakOf(running)
      void memory.then((bytes) => (peakMemory = bytes ?? peakMemory))
      start.report(parse(line))
      return true
    },
  })
  running.child.stdin?.end()
  const code = await running.exited
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}\n${running.tail()}`)
  return { peakMemory }
}

async function inWorkerd(start: Start): Promise<Outcome> {
  const { project, tools, processes, server } = start
  const outfile = join(project, 'worker.mjs')
  await bundleForWorkerd({ root: tools.root, project, entry: 'examples/demo/worker.ts', outfile })
  await writeFile(join(project, 'ca.pem'), server.ca)
  const config = join(project, 'config.capnp')
  await copyFile(join(tools.root, 'examples/demo/worker.capnp'), config)
  const args = ['serve', '--control-fd=3', config]
  const stdio: ['ignore', 'pipe', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe', 'pipe']
  const running = processes.start(tools.binary('workerd'), args, { cwd: project, stdio })
  const port = await listening(running)
  const body = JSON.stringify(start.manifest)
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body })
  if (answer.body === null) throw new Error(`workerd answered ${String(answer.status)}`)
  // The types of Node's two kinds of web streams differ in name only.
  const lines = createInterface({ input: Readable.fromWeb(answer.body as NodeStream) })
  for await (const line of lines) start.report(parse(line))
  return { peakMemory: await peakOf(running) }
}

function parse(line: string): Message {
  // The other side shares the type.
  return JSON.parse(line) as Message
}

/** The high-water mark of resident memory, where the system keeps one (Linux). */
async function peakOf({ child }: Running): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${String(child.pid)}/status`, 'utf8')
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
    return kib === undefined ? null : Number(kib) * 1024
  } catch {
    // Another system, or the process has ended.
    return null
  }
}
