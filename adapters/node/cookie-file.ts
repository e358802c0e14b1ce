/**
 * A file that holds a cookie jar, over node:fs: for Node, Deno and Bun. Written atomically, readable
 * by its owner alone, and under a lock that other processes respect.
 */
import { RequestError } from '../../src/errors.ts'
import type { CookieStorage } from '../../src/cookies/persist.ts'
import { builtin } from './builtins.ts'
import { fileError } from './errors.ts'

/** A lock is held for milliseconds: one this old was left behind by a process that died. */
const STALE_MS = 10_000
const GIVE_UP_MS = 30_000

/** JSON, or a Netscape `cookies.txt` when the name ends in `.txt`. */
export function cookieFile(path: string | URL): CookieStorage {
  const given = typeof path === 'string' ? path : builtin('url').fileURLToPath(path)
  const name = builtin('path').resolve(given)
  return {
    format: name.toLowerCase().endsWith('.txt') ? 'netscape' : 'json',
    getItem: () => readText(name),
    setItem: (_key, value) => writeText(name, value),
    exclusive: (task) => underLock(`${name}.lock`, task),
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await builtin('fs').promises.readFile(path))
  } catch (error) {
    const failure = fileError(error, path)
    // Before the first save there is no file.
    if (failure.code === 'FILE_NOT_FOUND') return null
    throw failure
  }
}

/** Under a random name, exclusively created, and then renamed: nobody ever reads half a jar. */
async function writeText(path: string, text: string): Promise<void> {
  const part = `${path}.${randomName()}.part`
  try {
    await createFile(part, text, true)
    await builtin('fs').promises.rename(part, path)
  } catch (error) {
    await removeFile(part)
    throw fileError(error, path)
  }
}

async function underLock<T>(lock: string, task: () => Promise<T>): Promise<T> {
  await takeLock(lock)
  try {
    return await task()
  } finally {
    await removeFile(lock)
  }
}

async function takeLock(lock: string): Promise<void> {
  const start = Date.now()
  for (let wait = 2; ; wait = Math.min(wait * 1.5, 100)) {
    try {
      await createFile(lock, '', false)
      return
    } catch (error) {
      const failure = fileError(error, lock)
      if (failure.code !== 'FILE_EXISTS') throw failure
    }
    if (await isStale(lock)) await breakLock(lock)
    else if (Date.now() - start > GIVE_UP_MS) {
      throw new RequestError(
        `The cookie file is locked: ${JSON.stringify(lock)} does not go away.`,
        {
          code: 'FILE_LOCKED',
        },
      )
    } else await pause(wait * (0.5 + Math.random()))
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    const changed: unknown = Reflect.get(await builtin('fs').promises.stat(lock), 'mtimeMs')
    return typeof changed === 'number' && Date.now() - changed > STALE_MS
  } catch {
    // It has just been released.
    return false
  }
}

/** Renamed first, which only one of several waiting processes can do; and looked at once more. */
async function breakLock(lock: string): Promise<void> {
  const broken = `${lock}.${randomName()}`
  try {
    await builtin('fs').promises.rename(lock, broken)
  } catch {
    // Another process was quicker.
    return
  }
  if (await isStale(broken)) await removeFile(broken)
  // It was a fresh one after all: given back, unless yet another process has taken its place.
  else await builtin('fs').promises.rename(broken, lock)
}

async function createFile(path: string, text: string, flush: boolean): Promise<void> {
  // `wx`: exclusive, so that no one can have put a link there; cookies are secrets.
  const handle = await builtin('fs').promises.open(path, 'wx', 0o600)
  try {
    if (text !== '') await handle.writev([new TextEncoder().encode(text)])
    if (flush) await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await builtin('fs').promises.unlink(path)
  } catch {
    // It is gone already, which is all that was wanted.
  }
}

function randomName(): string {
  return builtin('crypto').randomBytes(8).toString('hex')
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
