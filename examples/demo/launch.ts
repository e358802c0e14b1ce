/**
 * `npm run demo [-- [--runtime] node|deno|bun|workerd|chromium|firefox|webkit|all] [--size MiB]`: packs
 * the library, installs it in a project of its own, starts the demo's server and runs the job there.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Tools } from '../../test/harness/launch-job.ts'
import { Processes } from '../../test/harness/launch-process.ts'
import { packAndInstall } from '../../test/harness/pack.ts'
import { Display, table } from './display.ts'
import { makeFiles } from './files.ts'
import type { DemoFiles } from './files.ts'
import type { Manifest, Message } from './protocol.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Runtime, Start } from './runtimes.ts'
import { startServer } from './server.ts'
import type { DemoServer } from './server.ts'

export async function main(tools: Tools, args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runtime: { type: 'string' },
      size: { type: 'string', default: '200' },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const asked = values.runtime ?? (positionals.join(',') || 'node')
  const names = asked === 'all' ? ALL : asked.split(',')
  const unknown = names.find((name) => !Object.hasOwn(RUNTIMES, name))
  const size = Number(values.size)
  if (unknown !== undefined || !(size >= 1 && size <= 100_000)) {
    process.stderr.write(
      `--runtime is all or some of ${Object.keys(RUNTIMES).join(', ')}; --size is MiB\n`,
    )
    return 2
  }
  process.stdout.write('packing and installing the library, making files …\n')
  const project = await packAndInstall(tools.root)
  try {
    const files = await makeFiles(project, size)
    let failed = 0
    for (const name of names) failed += (await runOn(name, { tools, project, files })) ? 0 : 1
    process.stdout.write(`\n# pass ${String(names.length - failed)}\n# fail ${String(failed)}\n`)
    return failed === 0 ? 0 : 1
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}

/** One of each kind. */
const ALL = ['node', 'deno', 'bun', 'workerd', 'chromium', 'firefox', 'webkit']

interface Ground {
  readonly tools: Tools
  readonly project: string
  readonly files: DemoFiles
}

/** @returns whether the job came to its end, with everything equal. */
async function runOn(name: string, { tools, project, files }: Ground): Promise<boolean> {
  const runtime = RUNTIMES[name]
  if (runtime === undefined) return false
  const processes = new Processes()
  const display = new Display()
  const server = await startServer(files.download.path)
  try {
    const manifest = manifestFor(name, { runtime, server, files, project })
    process.stdout.write(
      `${name}: demo server at ${server.http} and ${server.https}, job at ${manifest.server}\n`,
    )
    const start = { runtime: name, tools, project, server, files, manifest, processes }
    return await run(runtime, start, display)
  } finally {
    display.stop()
    server.close()
    await processes.stop()
    await rm(join(project, 'downloaded.bin'), { force: true })
  }
}

async function run(
  runtime: Runtime,
  start: Omit<Start, 'report'>,
  display: Display,
): Promise<boolean> {
  let end: Extract<Message, { kind: 'end' }> | null = null
  let fault: string | null = null
  const report = (message: Message): void => {
    if (message.kind === 'end') end = message
    else if (message.kind === 'fault') fault = message.error
    else display.show(message)
  }
  const outcome = await runtime.run({ ...start, report }).catch((error: unknown) => {
    fault ??= String(error)
    return { peakMemory: null }
  })
  display.stop()
  if (fault !== null || end === null) {
    process.stderr.write(`✗ ${start.runtime}: ${fault ?? 'the job did not come to its end'}\n`)
    return false
  }
  // Assigned in a closure, which the narrowing above does not see.
  const { connections, version } = end as Extract<Message, { kind: 'end' }>
  const summary = { runtime: start.runtime, version, connections, expected: runtime.expected }
  process.stdout.write(`\n${table(display.steps, { ...summary, ...outcome })}\n`)
  if (connections <= runtime.connections) return true
  process.stderr.write(`✗ ${start.runtime}: ${String(connections)} connections\n`)
  return false
}

interface Parts {
  readonly runtime: Runtime
  readonly server: DemoServer
  readonly files: DemoFiles
  readonly project: string
}

function manifestFor(name: string, { runtime, server, files, project }: Parts): Manifest {
  // workerd is told about authorities in its configuration, not by script.
  const ca = runtime.secure && name !== 'workerd' ? server.ca : null
  return {
    runtime: name,
    server: runtime.secure ? server.https : server.http,
    ca,
    files: files.files,
    chunked: files.chunked,
    download: files.download,
    target: join(project, 'downloaded.bin'),
  }
}
