/**
 * Where RFC 6265bis (draft 22) and tough-cookie 6 part, each with its section and an example that
 * shows it: the deliberate differences of our jar.
 */
import { domainMatch, isAddress } from '../../../src/cookies/host.ts'
import { isSecure } from '../../../src/cookies/secure-host.ts'
import type { Exchange, Line } from './exchanges.ts'

export interface Difference {
  readonly section: string
  readonly why: string
  /** Lines after which the two send different cookies: `url | Set-Cookie`. */
  readonly lines: readonly string[]
  /** Where they are sent. */
  readonly to: string
}

/** What tough-cookie never gets to see, because the RFC refuses it. */
export const REFUSED: readonly (Difference & { holds: (line: Line) => boolean })[] = [
  {
    section: '§5.7 step 19',
    why: 'SameSite=None demands Secure',
    lines: ['https://www.example.com/ | a=1; SameSite=None'],
    to: 'https://www.example.com/',
    holds: (line) => /^none$/i.test(last(line, 'samesite') ?? '') && !has(line, 'secure'),
  },
  {
    section: 'CHIPS §2.1',
    why: 'Partitioned demands Secure',
    lines: ['https://www.example.com/ | a=1; Partitioned'],
    to: 'https://www.example.com/',
    holds: (line) => has(line, 'partitioned') && !has(line, 'secure'),
  },
  {
    section: '§5.7 step 20',
    why: 'the prefix __Secure- is case-insensitive',
    lines: ['https://www.example.com/ | __SECURE-a=1'],
    to: 'https://www.example.com/',
    holds: (line) => /^__secure-/i.test(line.name) && !has(line, 'secure'),
  },
  {
    section: '§5.7 step 21',
    why: 'the prefix __Host- is case-insensitive, wants Path=/ named and no Domain',
    lines: ['https://www.example.com/ | __host-a=1; Secure; Path=/; Domain=example.com'],
    to: 'https://www.example.com/',
    holds: (line) =>
      /^__host-/i.test(line.name) &&
      (!has(line, 'secure') || last(line, 'path') !== '/' || spansHosts(line)),
  },
  {
    section: '§5.7 step 22',
    why: 'a nameless value may not look like a prefixed name',
    lines: ['https://www.example.com/ | __Host-a'],
    to: 'https://www.example.com/',
    holds: (line) => line.name === '' && /^__(host|secure)-/i.test(line.value),
  },
  {
    section: '§5.7 step 2',
    why: 'neither name nor value is no cookie',
    lines: ['https://www.example.com/ | ; Path=/', 'https://www.example.com/ | a=1'],
    to: 'https://www.example.com/',
    holds: (line) => line.name === '' && line.value === '',
  },
  {
    section: '§5.6 step 5',
    why: 'name and value have 4096 octets at most',
    lines: [`https://www.example.com/ | a=${'v'.repeat(4096)}`],
    to: 'https://www.example.com/',
    holds: (line) => line.name.length + line.value.length > 4096,
  },
  {
    section: '§5.7 step 9',
    why: 'localhost is a single label, which no cookie of a host below may span',
    lines: ['http://app.localhost/ | a=1; Domain=localhost'],
    to: 'http://localhost/',
    holds: (line) => domainOf(line) === 'localhost' && host(line) !== 'localhost',
  },
  {
    section: '§5.7 step 13',
    why: 'http://*.localhost is not secure (ours: nobody outside browsers resolves it for sure)',
    lines: ['http://app.localhost/ | a=1; Secure'],
    to: 'https://app.localhost/',
    holds: (line) => has(line, 'secure') && line.url.startsWith('http://app.localhost'),
  },
]

/** Exchanges in which the two are right to differ, and which are not compared. */
export const APART: readonly (Difference & { holds: (all: Exchange) => boolean })[] = [
  {
    section: '§5.7 step 23',
    why: 'the host-only flag is part of the identity',
    lines: ['https://example.com/ | a=1', 'https://example.com/ | a=2; Domain=example.com'],
    to: 'https://example.com/',
    holds: ({ received }) =>
      pairs(received).some(([a, b]) => a.name === b.name && hasDomain(a) !== hasDomain(b)),
  },
  {
    section: '§5.7 step 16',
    why: 'a cookie from http may not lie over a Secure one',
    lines: ['https://www.example.com/ | a=1; Secure', 'http://www.example.com/ | a=2'],
    to: 'https://www.example.com/',
    holds: ({ received }) =>
      pairs(received).some(
        ([a, b]) =>
          a.name === b.name && has(a, 'secure') && !has(b, 'secure') && !isSecure(new URL(b.url)),
      ),
  },
  {
    section: '§5.7',
    why: 'a removed cookie does not leave its place to a later one of the same name',
    lines: [
      'https://www.example.com/ | a=1',
      'https://www.example.com/ | b=2',
      'https://www.example.com/ | a=; Max-Age=0',
      'https://www.example.com/ | a=3',
    ],
    to: 'https://www.example.com/',
    holds: ({ received }) =>
      received.some(
        (line, index) =>
          isRemoval(line) && received.slice(index + 1).some((later) => later.name === line.name),
      ),
  },
  {
    section: '§5.7 step 9',
    why: 'a host that is a public suffix may name itself, and gets a host-only cookie',
    lines: ['https://github.io/ | a=1; Domain=github.io'],
    to: 'https://github.io/',
    holds: ({ received }) =>
      received.some((line) => domainOf(line) === host(line) && isSuffixHost(host(line))),
  },
  {
    section: '§5.6 step 6',
    why: 'an attribute beyond 1024 octets is ignored',
    lines: [`https://www.example.com/x/y | a=1; Path=/; Path=/x/${'p'.repeat(1024)}`],
    to: 'https://www.example.com/x',
    holds: ({ received }) =>
      received.some((line) => line.attributes.some((attribute) => attribute.length > 1024)),
  },
  {
    section: '§5.6.3',
    why: 'the last Domain counts, also when it is empty',
    lines: ['https://www.example.com/ | a=1; Domain=example.com; Domain='],
    to: 'https://example.com/',
    holds: ({ received }) => received.some((line) => /^\.?$/.test(last(line, 'domain') ?? 'x')),
  },
  {
    section: '§5.6 step 3',
    why: 'a line that begins with "=" has no name, whatever follows',
    lines: ['https://www.example.com/ | a=1', 'https://www.example.com/ | =a=2'],
    to: 'https://www.example.com/',
    holds: ({ received }) => received.some((line) => line.name === '' && line.value.includes('=')),
  },
  {
    section: '§5.1.4',
    why: 'paths are compared as they are, nothing is decoded',
    lines: ['https://www.example.com/ | a=1; Path=/a'],
    to: 'https://www.example.com/%61',
    holds: ({ received, sent }) =>
      [...received.map((line) => line.url), ...sent].some((url) => url.includes('%')),
  },
]

const SUFFIXES: readonly string[] = ['github.io', 'co.uk', 'localhost', 'intranet']

/** The value of the last attribute of that name, '' when it has none. */
function last(given: Line, attributeName: string): string | null {
  let found: string | null = null
  for (const each of given.attributes) {
    const [key = '', ...rest] = each.split('=')
    if (key.trim().toLowerCase() === attributeName) found = rest.join('=').trim()
  }
  return found
}

function has(given: Line, attributeName: string): boolean {
  return last(given, attributeName) !== null
}

function domainOf(given: Line): string {
  return (last(given, 'domain') ?? '').replace(/^\./, '').toLowerCase()
}

function hasDomain(given: Line): boolean {
  return domainOf(given) !== '' && domainMatch(host(given), domainOf(given))
}

/** It asks for more than a host-only cookie. */
function spansHosts(given: Line): boolean {
  return hasDomain(given) && !SUFFIXES.includes(domainOf(given))
}

function host(given: Line): string {
  return new URL(given.url).hostname
}

function isSuffixHost(hostname: string): boolean {
  return SUFFIXES.includes(hostname) && !isAddress(hostname)
}

function isRemoval(given: Line): boolean {
  const maxAge = given.attributes.some((each) => /^max-age=(0|-1)$/i.test(each))
  return maxAge || given.attributes.some((each) => /^expires=.*(19|70|94)/i.test(each))
}

function pairs(lines: readonly Line[]): [Line, Line][] {
  return lines.flatMap((a, index) => lines.slice(index + 1).map((b): [Line, Line] => [a, b]))
}
