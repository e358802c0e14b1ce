/** The user's netrc file, over node:fs: for Node, Deno and Bun. */
import { findNetrc } from '../../src/netrc.ts'
import type { Platform } from '../../src/ports.ts'
import { findBuiltin } from './builtins.ts'

type Environment = NonNullable<Platform['environment']>

interface Known {
  readonly path: string
  readonly changed: number
  readonly size: number
  readonly text: string
}

/**
 * `$NETRC`, else `~/.netrc`, else `~/_netrc`, as `requests` has it. The text is kept until the file
 * changes: to ask for its state costs a few microseconds, and a file there is for few users only.
 * @param mayRead asked first, on runtimes that would prompt.
 */
export function netrcReader(
  environment: Environment,
  mayRead: (path: string) => boolean = () => true,
): NonNullable<Platform['netrc']> {
  let known: Known | null = null
  return (hostname) => {
    for (const path of candidates(environment)) {
      known = mayRead(path) ? read(path, known) : null
      if (known !== null) return credentials(known.text, hostname)
    }
    return null
  }
}

/** An entry that names neither user nor password says nothing. */
function credentials(text: string, hostname: string): readonly [string, string] | null {
  const { login = '', password = '' } = findNetrc(text, hostname) ?? {}
  return login === '' && password === '' ? null : [login, password]
}

function candidates(environment: Environment): string[] {
  const named = environment('NETRC') ?? ''
  if (named !== '') return [named]
  const home = environment('HOME') ?? environment('USERPROFILE') ?? ''
  return home === '' ? [] : [`${home}/.netrc`, `${home}/_netrc`]
}

function read(path: string, known: Known | null): Known | null {
  const fs = findBuiltin('fs')
  try {
    const stat = fs?.statSync(path, { throwIfNoEntry: false })
    if (fs === undefined || stat === undefined || stat.isDirectory()) return null
    const { mtimeMs: changed, size } = stat
    if (known?.path === path && known.changed === changed && known.size === size) return known
    return { path, changed, size, text: fs.readFileSync(path, 'utf8') }
  } catch {
    // Not to be read, or gone since: then there is no netrc for us.
    return null
  }
}
