/**
 * The netrc format (leaf of step 2), as curl and Python read it: which user and password a file has
 * for a host. Reading the file, and deciding whether it may be used, happens elsewhere.
 */
export interface NetrcEntry {
  readonly login: string
  readonly password: string
}

/**
 * The first entry for exactly this host, else the default entry, else null. `hostname` must come
 * from the very URL object that the request goes to: two parsers that disagree about the host have
 * leaked passwords (CVE-2024-47081).
 */
export function findNetrc(text: string, hostname: string): NetrcEntry | null {
  const wanted = hostname.toLowerCase()
  let found: Machine | null = null
  for (const machine of machines(text)) {
    if (machine.name === wanted) return entryOf(machine)
    // Should stand last, but some files begin with it.
    if (machine.name === null) found ??= machine
  }
  return found === null ? null : entryOf(found)
}

function entryOf({ login, password }: Machine): NetrcEntry {
  return { login, password }
}

interface Machine {
  /** Lower case; null for `default`. */
  readonly name: string | null
  login: string
  password: string
}

function* machines(text: string): Generator<Machine, void> {
  let current: Machine | null = null
  const words = scanWords(text)
  for (let word = next(words); word !== null; word = next(words)) {
    if (word === 'machine' || word === 'default') {
      if (current !== null) yield current
      const name: string | null = word === 'default' ? null : (next(words) ?? '').toLowerCase()
      current = { name, login: '', password: '' }
    } else if (word === 'login' || word === 'user') {
      const login: string = next(words) ?? ''
      if (current !== null) current.login = login
    } else if (word === 'password') {
      const password: string = next(words) ?? ''
      if (current !== null) current.password = password
    } else if (word === 'account') {
      next(words)
    }
  }
  if (current !== null) yield current
}

function next(words: Iterator<string, void>): string | null {
  const step = words.next()
  return step.done === true ? null : step.value
}

/** Words are separated by white space, or quoted with `"`, in which a backslash escapes. */
function* scanWords(text: string): Generator<string, void> {
  let inMacro = false
  let isName = false
  for (const line of text.split(/\r\n|\n|\r/)) {
    // A macro definition ends at the first empty line.
    if (line.trim() === '') inMacro = false
    if (inMacro) continue
    for (const word of lineWords(line)) {
      if (word.startsWith('#') && !isName) break
      if (word === 'macdef' && !isName) {
        inMacro = true
        break
      }
      // What follows a keyword is its value, also when it looks like a comment or a keyword.
      isName = !isName && TAKES_VALUE.has(word)
      yield word
    }
  }
}

const TAKES_VALUE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['machine', 'login', 'user', 'password', 'account'],
])

function* lineWords(line: string): Generator<string, void> {
  let at = 0
  while (at < line.length) {
    if (line[at] === ' ' || line[at] === '\t') {
      at += 1
      continue
    }
    const [word, end] = line[at] === '"' ? quotedWord(line, at + 1) : plainWord(line, at)
    at = end
    yield word
  }
}

function quotedWord(line: string, from: number): [word: string, end: number] {
  let word = ''
  let at = from
  for (; at < line.length && line[at] !== '"'; at += 1) {
    if (line[at] === '\\') at += 1
    word += line[at] ?? ''
  }
  return [word, at + 1]
}

function plainWord(line: string, from: number): [word: string, end: number] {
  let at = from
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at += 1
  return [line.slice(from, at), at]
}
