/**
 * `npm run demo [-- --runtime node|deno|bun|workerd|chromium|firefox|webkit] [--size MiB]`: packs the
 * library, installs it in a project of its own, starts the demo's server and runs the job there.
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
  const { values } = parseArgs({
    args: [...args],
    options: {
      runtime: { type: 'string', default: 'node' },
      size: { type: 'string', default: '200' },
    },
  })
  const runtime = Object.hasOwn(RUNTIMES, values.runtime) ? RUNTIMES[values.runtime] : undefined
  const size = Number(values.size)
  if (runtime === undefined || !(size >= 1 && size <= 100_000)) {
    process.stderr.write(`--runtime is one of ${Object.keys(RUNTIMES).join(', ')}; --size is MiB\n`)
    return 2
  }
  process.stdout.write('packing and installing the library, making files …\n')
  const project = await packAndInstall(tools.root)
  const processes = new Processes()
  const display = new Display()
  try {
    const files = await makeFiles(project, size)
    const server = await startServer(files.download.path)
    const manifest = manifestFor(values.runtime, { runtime, server, files, project })
    process.stdout.write(
      `demo server at ${server.http} and ${server.https}, job at ${manifest.server}\n`,
    )
    const start = { runtime: values.runtime, tools, project, server, files, manifest, processes }
    return await run(runtime, start, display)
  } finally {
    display.stop()
    await processes.stop()
    await rm(project, { recursive: true, force: true })
  }
}

async function run(
  runtime: Runtime,
  start: Omit<Start, 'report'>,
  display: Display,
): Promise<number> {
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
  start.server.close()
  display.stop()
  if (fault !== null || end === null) {
    process.stderr.write(`✗ ${fault ?? 'the job did not come to its end'}\n`)
    return 1
  }
  // Assigned in a closure, which the narrowing above does not see.
  const { connections, version } = end as Extract<Message, { kind: 'end' }>
  const summary = { runtime: start.runtime, version, connections, expected: runtime.expected }
  process.stdout.write(`\n${table(display.steps, { ...summary, ...outcome })}\n`)
  return 0
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
