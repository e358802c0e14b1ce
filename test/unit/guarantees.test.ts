/** The guarantees that need no wire: precedence, ranges, netrc, shared state, what is published. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { checkTransportSettings } from '../../adapters/transport-settings.ts'
import { undiciCapabilities } from '../../adapters/undici/capabilities.ts'
import { TlsKeys } from '../../adapters/undici/tls.ts'
import { NO_DEFAULTS, prepareRequest } from '../../src/prepare-request.ts'
import { Retry } from '../../src/retry.ts'
import { mergeSettings } from '../../src/settings.ts'
import type { SendOptions } from '../../src/settings.ts'
import { redactURL } from '../../src/shown-url.ts'

test('guarantee 9: numbers out of range are refused, whatever they limit', () => {
  const bad = [NaN, -1, -Infinity, 2 ** 31, '5', {}, [], true] as never[]
  for (const value of bad) {
    for (const timeout of [value, { connect: value }, { read: value }, { total: value }]) {
      // An empty bag, and one without a member, says nothing.
      if (isDeepStrictEqual(timeout, {}) || Array.isArray(timeout)) continue
      assert.throws(() => mergeSettings({ timeout }, {}), TypeError, JSON.stringify(timeout))
    }
    assert.throws(() => mergeSettings({ maxRedirects: value }, {}), TypeError)
    for (const name of ['maxBytes', 'bufferUpload'] as const) {
      if (value === bad[3]) continue
      assert.throws(
        () => mergeSettings({ [name]: value }, {}),
        TypeError,
        `${name} ${String(value)}`,
      )
    }
    for (const name of ['total', 'connect', 'read', 'status', 'backoffMax', 'retryAfterMax'])
      assert.throws(() => new Retry({ [name]: value }), /must be/, `${name} ${String(value)}`)
    for (const name of ['maxConnections', 'maxIdle', 'idleTimeout', 'pipelining']) {
      const settings = { pool: { [name]: value } }
      assert.throws(() => checkTransportSettings(settings, undiciCapabilities, 'node'), TypeError)
    }
  }
})

test('guarantee 10: settings of TLS that differ in anything share no connection', () => {
  const keys = new TlsKeys()
  const bytes = new TextEncoder().encode('-----BEGIN A')
  const settings = [
    { verify: true, cert: null },
    { verify: false, cert: null },
    { verify: 'true', cert: null },
    { verify: 'false', cert: null },
    { verify: '-----BEGIN B', cert: null },
    { verify: true, cert: 'a' },
    { verify: true, cert: ['a', 'b'] as const },
    { verify: true, cert: ['b', 'a'] as const },
    { verify: true, cert: '["a","b"]' },
    { verify: false, cert: 'a' },
    { verify: bytes, cert: null },
  ]
  const made = settings.map((each) => keys.keyOf(each))
  assert.equal(new Set(made).size, settings.length)
  assert.deepEqual(
    settings.map((each) => keys.keyOf({ ...each })),
    made,
  )
})

test('guarantee 12: netrc only where nothing else was said, for the host that is asked', () => {
  const asked: string[] = []
  const netrc = (host: string): readonly [string, string] => {
    asked.push(host)
    return ['netrc', 'secret']
  }
  const header = (url: string, options: object, session: object = {}): string | null =>
    prepareRequest(
      { method: 'GET', url, options },
      { ...NO_DEFAULTS, ...session, netrc },
    ).headers.get('authorization')
  assert.match(header('http://shop.test:80\\@evil.test/', {}) ?? '', /^Basic/)
  assert.match(header('http://[::1]:8080/', {}) ?? '', /^Basic/)
  assert.deepEqual(asked, ['shop.test', '::1'])
  asked.length = 0
  const own = 'Own secret'
  assert.equal(header('http://shop.test/', { headers: { authorization: own } }), own)
  assert.equal(header('http://shop.test/', {}, { headers: [['AUTHORIZATION', own]] }), own)
  assert.equal(header('http://shop.test/', { auth: null }), null)
  assert.equal(header('http://shop.test/', {}, { auth: null }), null)
  assert.notEqual(header('http://u:p@shop.test/', {}), header('http://shop.test/', {}))
  assert.deepEqual(asked, ['shop.test'])
})

test('guarantee 28: a call beats the session, the session the environment, in every member', () => {
  const environment: SendOptions = { proxies: { http: 'http://env.test' }, verify: '/env' }
  assert.equal(mergeSettings({}, {}, environment).verify, '/env')
  assert.equal(mergeSettings({}, { verify: true }, environment).verify, true)
  assert.equal(mergeSettings({ verify: '/call' }, { verify: false }, environment).verify, '/call')
  const said = mergeSettings({}, { proxies: { http: null } }, environment)
  assert.deepEqual(
    [{ ...said.proxies }, { ...said.environmentProxies }],
    [{ http: null }, { http: 'http://env.test' }],
  )
  assert.deepEqual({ ...mergeSettings({ proxies: null }, {}, environment).environmentProxies }, {})
})

test('guarantee 4: a call can declare secret headers besides the session, in any letter case', () => {
  const { secretHeaders } = mergeSettings({ secretHeaders: ['X-B'] }, { secretHeaders: ['X-A'] })
  assert.deepEqual(secretHeaders, ['x-a', 'x-b'])
})

test('guarantee 27: secrets of a URL are found in any spelling of their names', () => {
  const url = new URL('http://u:p@h.test/?Access_Token=x&t%6fken=x&api-key=x&sig=x&page=1#token=x')
  assert.equal(redactURL(url).replaceAll('[hidden]', '').includes('x'), false)
  assert.match(redactURL(url), /page=1$/)
})

test('guarantee 20: no limit, listener or signal comes from a polluted prototype', () => {
  const everyObject = Object.prototype as unknown as Record<string, unknown>
  const look = (): string => JSON.stringify(mergeSettings({ timeout: {}, hooks: {} }, {}, {}))
  const clean = look()
  for (const name of [
    'timeout',
    'connect',
    'read',
    'total',
    'signal',
    'mode',
    'request',
    'verify',
  ]) {
    everyObject[name] = 5
    const seen = look()
    Reflect.deleteProperty(everyObject, name)
    assert.equal(seen, clean, name)
  }
})

test('guarantee 21: no promise is kept between requests, in the core and on workerd', () => {
  for (const folder of ['src', 'adapters/workerd', 'adapters/fetch', 'adapters']) {
    for (const name of readdirSync(folder, {
      recursive: folder !== 'adapters',
      encoding: 'utf8',
    })) {
      if (!name.endsWith('.ts')) continue
      const text = readFileSync(`${folder}/${name}`, 'utf8')
      assert.doesNotMatch(text, /^(?:export )?(?:let|var) [^\n]*Promise/m, `${folder}/${name}`)
      assert.doesNotMatch(text, /^\s*static (?:#|let )[^\n(]*Promise/m, `${folder}/${name}`)
    }
  }
})

test('guarantee 25: no dependency but the named ones, and no script at installation', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>
    scripts: Record<string, string>
  }
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !KNOWN.includes(name)),
    [],
  )
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
    assert.equal(Object.hasOwn(manifest.scripts, name), false, name)
})

test('docs/security.md names cases and tests that exist', () => {
  const names = namesIn('docs/security.md', /(?<![\w`])_([a-z ]+ ?\d*: [^_]+)_/g)
  assert.ok(names.length > 40, String(names.length))
  for (const name of names) assert.ok(tests().includes(name.replace(/ ?…$/, '')), name)
})

test('docs/requests-compat.md names cases and tests that exist', () => {
  // Whole names: without the quotes a part of one would do.
  const names = namesIn('docs/requests-compat.md', /_([^_|`]+)_/g)
  assert.ok(names.length > 80, String(names.length))
  for (const name of names) assert.ok(tests().includes(`'${name}'`), name)
})

function namesIn(page: string, pattern: RegExp): string[] {
  const text = readFileSync(page, 'utf8')
    .replace(/\s+/g, ' ')
    .replace(/`[^`]*`/g, '``')
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}

function tests(): string {
  return ['test/cases', 'test/unit', 'test/parity']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    )
    .join('\n')
}

const KNOWN = [
  ...['undici', 'set-cookie-parser', 'tldts', '@noble/hashes', 'mrmime', 'eventsource-parser'],
  ...['cross-fetch', 'web-streams-polyfill'],
]
