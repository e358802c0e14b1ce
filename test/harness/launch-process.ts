/** Child processes of one target: started here, read line by line, ended by their id. */
import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { createInterface } from 'node:readline'

const GRACE_MS = 2_000
const KEPT_LINES = 40

export interface Running {
  readonly child: ChildProcess
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>
  /** The last lines it printed that were not taken by `onLine`. */
  tail(): string
  /** Ends it and what it started, by their group. */
  stop(): Promise<void>
}
export interface StartOptions extends SpawnOptions {
  /** Told every line of standard output; true means that the line was meant for it. */
  readonly onLine?: (line: string) => boolean
}

const alive = new Set<ChildProcess>()
// The last resort: a launcher that dies of an error leaves nothing behind either.
process.on('exit', () => {
  for (const child of alive) kill(child, 'SIGKILL')
})

/** The processes of one target. */
export class Processes {
  readonly #started: Running[] = []

  start(command: string, args: readonly string[], options: StartOptions = {}): Running {
    const { onLine = (): boolean => false, ...spawning } = options
    // A group of its own, so that what an engine starts (WebKit's processes) ends with it.
    const defaults: SpawnOptions = { stdio: ['pipe', 'pipe', 'pipe'], detached: !onWindows() }
    const child = spawn(command, args, { ...defaults, ...spawning })
    alive.add(child)
    const kept: string[] = []
    const keep = (line: string): void => {
      kept.push(line)
      if (kept.length > KEPT_LINES) kept.shift()
    }
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => {
        if (!onLine(line)) keep(line)
      })
    if (child.stderr) createInterface(child.stderr).on('line', keep)
    const exited = exitOf(child)
    const stop = async (): Promise<void> => {
      await end(child, exited)
    }
    const running = { child, exited, tail: () => kept.join('\n'), stop }
    this.#started.push(running)
    return running
  }

  /** The last one started is the first to end. */
  async stop(): Promise<void> {
    for (const running of this.#started.splice(0).reverse()) await running.stop()
  }
}

async function exitOf(child: ChildProcess): Promise<number | string> {
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // `close` comes after the last line of output has been read.
    child.once('close', (code, signal) => {
      alive.delete(child)
      resolve(code ?? signal ?? 'ended')
    })
  })
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (!alive.has(child)) return
  kill(child, 'SIGTERM')
  const timer = setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS)
  await exited
  clearTimeout(timer)
  // Members of the group may outlive its leader.
  kill(child, 'SIGKILL')
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (onWindows()) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It has ended in the meantime.
  }
}

function onWindows(): boolean {
  return process.platform === 'win32'
}
