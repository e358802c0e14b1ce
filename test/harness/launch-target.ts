/** One target from start to verdict: its server, its driver, the watch over both. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError } from '../drivers/protocol.ts'
import type { Message } from '../drivers/protocol.ts'
import { compare, readExpectations, updateExpectations } from './expectations.ts'
import type { Settings } from './launch-arguments.ts'
import type { Tools } from './launch-job.ts'
import { Processes } from './launch-process.ts'
import { startServer } from './launch-server.ts'
import { RUNS } from './launch-targets.ts'
import type { Row } from './report.ts'

export interface Plan {
  readonly tools: Tools
  readonly settings: Settings
  readonly project: string
  /** The compiled server. */
  readonly server: string
  readonly names: readonly string[]
  /** Whether these are all cases there are. */
  readonly complete: boolean
  readonly signal: AbortSignal
}

/** Longer than any case may take; the first result waits for the engine to start as well. */
const SILENCE_MS = 60_000

export async function runTarget(plan: Plan, target: string): Promise<Row> {
  const start = Date.now()
  const messages: Message[] = []
  const fault = (error: string): void => {
    messages.push({ kind: 'fault', error })
  }
  const watch = new Watch(plan.signal, () => {
    fault(`no result for ${String(SILENCE_MS)} milliseconds`)
  })
  const report = (message: Message): void => {
    watch.heard()
    messages.push(message)
  }
  try {
    await drive(plan, target, { report, signal: watch.signal })
  } catch (error) {
    fault(describeError(error))
  } finally {
    watch.end()
  }
  if (plan.signal.aborted) fault('interrupted')
  const path = join(plan.tools.root, `test/expectations/${target}.json`)
  if (plan.settings.update && plan.complete) await updateExpectations(path, messages)
  const verdict = compare(plan.names, messages, await readExpectations(path), plan.complete)
  return { target, ...verdict, seconds: (Date.now() - start) / 1000 }
}

interface Watched {
  readonly report: (message: Message) => void
  readonly signal: AbortSignal
}

async function drive(plan: Plan, target: string, { report, signal }: Watched): Promise<void> {
  const { tools, project, names } = plan
  const run = RUNS[target]
  if (run === undefined) throw new Error(`nobody knows how to run ${target}`)
  const folder = join(project, 'targets', target)
  await mkdir(folder)
  const processes = new Processes()
  signal.addEventListener('abort', () => void processes.stop())
  try {
    const { servers, stop } = await startServer(processes, plan.server, folder)
    const only = plan.settings.only
    const job = { target, tools, project, folder, names, only, processes, report, signal }
    await run({ ...job, servers, stopServer: stop })
  } finally {
    await processes.stop()
  }
}

/** Aborts when nothing has been heard for too long, or when the launcher is to end. */
class Watch {
  readonly #controller = new AbortController()
  readonly #onSilence: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(outer: AbortSignal, onSilence: () => void) {
    this.#onSilence = onSilence
    if (outer.aborted) this.#controller.abort()
    outer.addEventListener('abort', () => {
      this.#controller.abort()
    })
    this.heard()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  heard(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#onSilence()
      this.#controller.abort()
    }, SILENCE_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
