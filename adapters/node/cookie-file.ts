/**
 * A file that holds a cookie jar, over node:fs: for Node, Deno and Bun. Written atomically, readable
 * by its owner alone, and under a lock that other processes respect.
 */
import type { CookieStorage } from '../../src/cookies/persist.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { RequestError } from '../../src/errors.ts'
import { builtin } from './builtins.ts'
import { askProcess, takeLock } from './download-lock.ts'
import type { Lock } from './download-lock.ts'
import { fileError } from './errors.ts'
import { removeFile } from './remove-file.ts'

const GIVE_UP_MS = 30_000

/** JSON, or a Netscape `cookies.txt` when the name ends in `.txt`. */
export function cookieFile(path: string | URL): CookieStorage {
  const given = typeof path === 'string' ? path : builtin('url').fileURLToPath(path)
  return new CookieFile(builtin('path').resolve(given))
}

class CookieFile implements CookieStorage {
  readonly format: 'json' | 'netscape'
  readonly #path: string
  #lock: Lock | null = null
  #isTidy = false

  constructor(path: string) {
    this.#path = path
    this.format = path.toLowerCase().endsWith('.txt') ? 'netscape' : 'json'
  }

  async getItem(): Promise<string | null> {
    try {
      return new TextDecoder().decode(await builtin('fs').promises.readFile(this.#path))
    } catch (error) {
      const failure = fileError(error, this.#path)
      // Before the first save there is no file.
      if (failure.code === 'FILE_NOT_FOUND') return null
      throw failure
    }
  }

  /** Under a random name, exclusively created, and then renamed: nobody ever reads half a jar. */
  async setItem(_key: string, text: string): Promise<void> {
    const part = `${this.#path}.${builtin('crypto').randomBytes(8).toString('hex')}.part`
    try {
      await createFile(part, text)
      // Stopped for long, this process was taken for dead: what another has written since stays.
      if (this.#lock !== null && this.#lock.lost !== null) throw lockedError(this.#path)
      await builtin('fs').promises.rename(part, this.#path)
    } catch (error) {
      await removeFile(part)
      throw error instanceof RequestError ? error : fileError(error, this.#path)
    }
  }

  async exclusive<T>(task: () => Promise<T>): Promise<T> {
    const lock = await lockFile(this.#path)
    this.#lock = lock
    try {
      if (!this.#isTidy) await removeParts(this.#path)
      this.#isTidy = true
      return await task()
    } finally {
      this.#lock = null
      await lock.release()
    }
  }
}

async function lockFile(path: string): Promise<Lock> {
  const clock = exactClock()
  const patience = new AbortController()
  const ticket = clock.start(() => {
    patience.abort(lockedError(path))
  }, GIVE_UP_MS)
  try {
    const options = { clock, onLocked: 'wait', signal: patience.signal } as const
    return await takeLock(`${path}.lock`, path, options, askProcess)
  } catch (error) {
    throw error instanceof RequestError ? error : fileError(error, path)
  } finally {
    ticket.cancel()
  }
}

/** What processes that were killed in the middle of writing have left, cookies and all. */
async function removeParts(path: string): Promise<void> {
  const names = builtin('path')
  const folder = names.dirname(path)
  const start = `${names.basename(path)}.`
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(start)) continue
    // Who holds the lock is the only one who writes.
    if (/^[0-9a-f]{16}\.part$/.test(name.slice(start.length)))
      await removeFile(names.join(folder, name))
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await builtin('fs').promises.readdir(folder)
  } catch {
    // A folder that may be written to but not be listed; the parts do no harm but to be there.
    return []
  }
}

async function createFile(path: string, text: string): Promise<void> {
  // `wx`: exclusive, so that no one can have put a link there; cookies are secrets.
  const handle = await builtin('fs').promises.open(path, 'wx', 0o600)
  try {
    if (text !== '') await handle.writev([new TextEncoder().encode(text)])
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function lockedError(path: string): RequestError {
  const lock = JSON.stringify(`${path}.lock`)
  return new RequestError(`The cookie file is locked: ${lock} does not go away.`, {
    code: 'FILE_LOCKED',
  })
}
