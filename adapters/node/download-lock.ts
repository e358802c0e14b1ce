/**
 * The lock on a download's destination, over node:fs. Whoever holds it touches it twice a second: one
 * that its holder has left behind, killed or cut off from power, is known by its silence. No clock
 * is compared with another, so that setting the time breaks nothing.
 */
import type { OpenPartsOptions } from '../../src/download-port.ts'
import { RequestError } from '../../src/errors.ts'
import { builtin, nodeProcess } from './builtins.ts'
import { fileError } from './errors.ts'
import { removeFile } from './remove-file.ts'

const BEAT_MS = 500
/** Silence of a holder nobody can ask about, and of one that seems to be alive. */
const SILENT_MS = 2_500
const SILENT_BUT_ALIVE_MS = 10_000

export interface Lock {
  /** Set when another process has taken the lock, after this one had been stopped for long. */
  readonly lost: RequestError | null
  release(): Promise<void>
}

interface Holder {
  readonly token: string
  readonly pid: number | null
  readonly host: string
}

/** Whether the process lives; null when that cannot be known here. */
export type ProcessCheck = (pid: number) => boolean | null

export async function takeLock(
  path: string,
  target: string,
  options: Pick<OpenPartsOptions, 'clock' | 'onLocked' | 'signal'>,
  isAlive: ProcessCheck,
): Promise<Lock> {
  const { clock, onLocked, signal } = options
  const holder = { token: randomName(), pid: nodeProcess()?.pid ?? null, host: hostName() }
  const watch = new Watch(isAlive, () => clock.now())
  for (let wait = 5; !(await create(path, holder)); wait = Math.min(wait * 1.5, 100)) {
    const seen = await watch.look(path)
    if (seen === 'stale') await breakLock(path, watch.token)
    else if (seen === 'alive' && onLocked === 'error') throw lockedError(target)
    else await new Promise<void>((resolve) => clock.start(resolve, wait, true))
    if (signal?.aborted === true) throw signal.reason
  }
  return new HeldLock(path, target, holder.token)
}

/** Signal 0 asks whether a process is there. Deno would prompt for a permission. */
export const askProcess: ProcessCheck = (pid) => {
  try {
    nodeProcess()?.kill?.(pid, 0)
    return true
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null && Reflect.get(error, 'code')
    return code === 'ESRCH' ? false : code === 'EPERM' ? true : null
  }
}

class HeldLock implements Lock {
  lost: RequestError | null = null
  readonly #path: string
  readonly #target: string
  readonly #token: string
  readonly #timer: ReturnType<typeof setInterval>
  #beating: Promise<void> | null = null

  constructor(path: string, target: string, token: string) {
    this.#path = path
    this.#target = target
    this.#token = token
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat()
    }, BEAT_MS)
  }

  async release(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    const holder = await readHolder(this.#path)
    if (holder?.token === this.#token) await removeFile(this.#path)
  }

  async #beat(): Promise<void> {
    try {
      const holder = await readHolder(this.#path)
      if (holder?.token === this.#token) {
        const now = Date.now() / 1000
        await builtin('fs').promises.utimes(this.#path, now, now)
      } else this.lost = lockedError(this.#target)
    } catch {
      // A beat that is missed is made up for by the next one.
    } finally {
      this.#beating = null
    }
  }
}

/** What is seen of somebody else's lock over time. */
class Watch {
  token: string | null = null
  readonly #isAlive: ProcessCheck
  readonly #now: () => number
  #beat: number | null = null
  #since = 0

  constructor(isAlive: ProcessCheck, now: () => number) {
    this.#isAlive = isAlive
    this.#now = now
  }

  async look(path: string): Promise<'stale' | 'alive' | 'unknown'> {
    const holder = await readHolder(path)
    const beat = await modified(path)
    // Released in this moment.
    if (beat === null) return 'unknown'
    const token = holder?.token ?? null
    const first = this.#beat === null || token !== this.token
    if (!first && beat !== this.#beat) return 'alive'
    if (first) this.#since = this.#now()
    this.token = token
    this.#beat = beat
    const near = holder?.pid !== null && holder?.host === hostName()
    const alive = near ? this.#isAlive(holder.pid ?? 0) : null
    if (alive === false) return 'stale'
    const limit = alive === true ? SILENT_BUT_ALIVE_MS : SILENT_MS
    return this.#now() - this.#since > limit ? 'stale' : 'unknown'
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await builtin('fs').promises.open(path, 'wx', 0o600)
    try {
      await handle.writev([new TextEncoder().encode(JSON.stringify(holder))])
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    const failure = fileError(error, path)
    if (failure.code === 'FILE_EXISTS') return false
    // Half a lock would only make others wait.
    if (failure.code === 'DISK_FULL') await removeFile(path)
    throw failure
  }
}

/** Renamed first, which only one of several can do; given back when it was a fresh one after all. */
async function breakLock(path: string, token: string | null): Promise<void> {
  const { promises } = builtin('fs')
  const broken = `${path}.${randomName()}`
  try {
    await promises.rename(path, broken)
    const holder = await readHolder(broken)
    if ((holder?.token ?? null) === token) await removeFile(broken)
    else await promises.rename(broken, path)
  } catch {
    // Another process was quicker.
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const text = new TextDecoder().decode(await builtin('fs').promises.readFile(path))
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const [token, pid, host] = ['token', 'pid', 'host'].map((key): unknown =>
      Reflect.get(value, key),
    )
    if (typeof token !== 'string' || typeof host !== 'string') return null
    return { token, host, pid: typeof pid === 'number' ? pid : null }
  } catch {
    // Gone, or its holder died before it had written a word.
    return null
  }
}

async function modified(path: string): Promise<number | null> {
  try {
    return (await builtin('fs').promises.stat(path)).mtimeMs
  } catch {
    // Gone.
    return null
  }
}

function hostName(): string {
  try {
    return builtin('os').hostname()
  } catch {
    // Deno asks for a permission of its own.
    return ''
  }
}

function randomName(): string {
  return builtin('crypto').randomBytes(8).toString('hex')
}

function lockedError(target: string): RequestError {
  return new RequestError(
    `Another download is writing to ${JSON.stringify(target)}. Wait for it with \`onLocked: "wait"\`, or choose another name.`,
    { code: 'FILE_LOCKED' },
  )
}
