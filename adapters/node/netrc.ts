/** The user's netrc file: for Node, Deno and Bun. */
import { findNetrc } from '../../src/netrc.ts'
import type { Platform } from '../../src/ports.ts'
import { builtin, findBuiltin } from './builtins.ts'

type Environment = NonNullable<Platform['environment']>

interface Known {
  readonly path: string
  readonly changed: number
  readonly size: number
  readonly text: string
}

/** What is asked of a file system. */
export interface NetrcFiles {
  /** Undefined where there is no such file. */
  stat(path: string): Pick<Known, 'changed' | 'size'> | undefined
  read(path: string): string
}

/** Milliseconds. To ask for a file's state costs a third of a small request. */
const LOOK_EVERY = 1000

/**
 * `$NETRC`, else `~/.netrc`, else `~/_netrc`, as `requests` has it. Looked for once a second at
 * most, and its text is kept until the file changes.
 * @param mayRead asked first, on runtimes that would prompt.
 * @param files those of node:fs, unless the runtime has some that are there at once.
 */
export function netrcReader(
  environment: Environment,
  mayRead: (path: string) => boolean = () => true,
  now: () => number = Date.now,
  files: NetrcFiles = nodeFiles,
): NonNullable<Platform['netrc']> {
  let known: Known | null = null
  let looked = -Infinity
  return (hostname) => {
    const time = now()
    // A clock that was set back must not keep an old file for ever.
    if (time - looked >= LOOK_EVERY || time < looked) {
      looked = time
      const paths = candidates(environment).filter(mayRead)
      known = findFile(paths, files, known)
    }
    return known === null ? null : credentials(known.text, hostname)
  }
}

/** An entry that names neither user nor password says nothing. */
function credentials(text: string, hostname: string): readonly [string, string] | null {
  const { login = '', password = '' } = findNetrc(text, hostname) ?? {}
  return login === '' && password === '' ? null : [login, password]
}

/** The first of the paths that is a file. */
function findFile(paths: readonly string[], files: NetrcFiles, known: Known | null): Known | null {
  for (const path of paths) {
    const found = read(path, files, known)
    if (found !== null) return found
  }
  return null
}

function candidates(environment: Environment): string[] {
  const named = environment('NETRC') ?? ''
  if (named !== '') return [named]
  const home = environment('HOME') ?? environment('USERPROFILE') ?? ''
  return home === '' ? [] : [`${home}/.netrc`, `${home}/_netrc`]
}

function read(path: string, files: NetrcFiles, known: Known | null): Known | null {
  try {
    const stat = files.stat(path)
    if (stat === undefined) return null
    const { changed, size } = stat
    if (known?.path === path && known.changed === changed && known.size === size) return known
    return { path, changed, size, text: files.read(path) }
  } catch {
    // Not to be read, or gone since: then there is no netrc for us.
    return null
  }
}

const nodeFiles: NetrcFiles = {
  stat(path) {
    const stat = findBuiltin('fs')?.statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || stat.isDirectory()) return undefined
    return { changed: stat.mtimeMs, size: stat.size }
  },
  read: (path) => builtin('fs').readFileSync(path, 'utf8'),
}
