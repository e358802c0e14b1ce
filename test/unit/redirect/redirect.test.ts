/** Where a redirect leads, with which method, and what it leaves behind: header × kind of change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidURLError } from '../../../src/errors.ts'
import type { HeaderPairs } from '../../../src/ports.ts'
import { redirectRules } from '../../../src/redirect.ts'
import { isSecretHeader } from '../../../src/secret-headers.ts'

const from = new URL('https://shop.example/a/b?c=d#part')
const target = (location: string | null, status = 302, base = from) =>
  redirectRules.target(status, location, base)?.href ?? null

test('only 301, 302, 303, 307 and 308 with a Location are redirects', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    assert.equal(target('/x', status), 'https://shop.example/x#part')
  }
  for (const status of [200, 201, 300, 304, 305, 306, 400, 503]) {
    assert.equal(target('/x', status), null)
  }
  assert.equal(target(null), null)
  assert.equal(target(''), null)
  assert.equal(target('  '), null)
})

test('a Location is resolved as a URL reference, and inherits the fragment', () => {
  const rows: [string, string][] = [
    ['e', 'https://shop.example/a/e#part'],
    ['../e', 'https://shop.example/e#part'],
    ['?q', 'https://shop.example/a/b?q#part'],
    ['//cdn.example/e', 'https://cdn.example/e#part'],
    ['http://other.example:8080/e', 'http://other.example:8080/e#part'],
    ['/e#own', 'https://shop.example/e#own'],
    ['/e#', 'https://shop.example/e#'],
    ['HTTPS://SHOP.example:443/e', 'https://shop.example/e#part'],
    ['https:\\\\evil.example/', 'https://evil.example/#part'],
    [' /space ', 'https://shop.example/space#part'],
  ]
  for (const [location, href] of rows) assert.equal(target(location), href)
})

test('bytes beyond ASCII are kept and percent-encoded', () => {
  const wire = (text: string) => Buffer.from(text).toString('latin1')
  assert.equal(target(wire('/é?ü#ö')), 'https://shop.example/%C3%A9?%C3%BC#%C3%B6')
  assert.equal(target('/\xe9'), 'https://shop.example/%E9#part')
  assert.equal(target(wire('http://bücher.example/')), 'http://xn--bcher-kva.example/#part')
  assert.equal(target('/€é'), 'https://shop.example/%E2%82%AC%C3%A9#part')
  assert.equal(target('/€\ud800'), 'https://shop.example/%E2%82%AC%EF%BF%BD#part')
  assert.equal(target('/%e9%41'), 'https://shop.example/%e9%41#part')
})

test('user-info is removed, whether Location names it or it would be inherited', () => {
  assert.equal(target('https://user:pass@other.example/'), 'https://other.example/#part')
  assert.equal(target('/x', 302, new URL('https://user:pass@h.example/')), 'https://h.example/x')
})

test('other schemes and nonsense are refused, without showing secrets', () => {
  const base = new URL('https://h.example/?token=secret')
  const bad = [
    'ftp://h.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'unix:/x',
  ]
  for (const location of [...bad, 'http://', 'http://[::1', 'http://user:secret@a b/']) {
    assert.throws(
      () => target(location, 302, base),
      (error: unknown) => {
        assert.ok(error instanceof InvalidURLError, location)
        assert.equal(error.code, 'INVALID_REDIRECT')
        assert.doesNotMatch(error.message, /secret/)
        return true
      },
    )
  }
})

test('the method of the next request', () => {
  const rows: [number, string, string][] = [
    ...[301, 302].flatMap((status): [number, string, string][] => [
      [status, 'POST', 'GET'],
      ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'].map(
        (method): [number, string, string] => [status, method, method],
      ),
    ]),
    ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method): [number, string, string] => [
      303,
      method,
      'GET',
    ]),
    [303, 'HEAD', 'HEAD'],
    ...[307, 308].flatMap((status) =>
      ['GET', 'POST', 'PUT', 'DELETE'].map((method): [number, string, string] => [
        status,
        method,
        method,
      ]),
    ),
  ]
  for (const [status, method, next] of rows) {
    assert.equal(redirectRules.method(status, method), next, `${String(status)} ${method}`)
  }
})

/** What may go to: the same origin, another one. And whether it survives the loss of the body. */
const HEADERS: readonly [name: string, same: boolean, other: boolean, withoutBody: boolean][] = [
  ['Accept', true, true, true],
  ['User-Agent', true, true, true],
  ['X-Custom', true, true, true],
  ['Authorization', true, false, true],
  ['AUTHORIZATION', true, false, true],
  ['authorization', true, false, true],
  ['Proxy-Authorization', true, false, true],
  ['Cookie', true, false, true],
  ['cOOkie', true, false, true],
  ['X-API-Key', true, false, true],
  ['Api-Key', true, false, true],
  ['X-Auth-Token', true, false, true],
  ['X-CSRF-Token', true, false, true],
  ['X-XSRF-TOKEN', true, false, true],
  ['X-Amz-Security-Token', true, false, true],
  ['Private-Token', true, false, true],
  ['Host', true, false, true],
  ['X-Mine', true, false, true],
  ['Content-Type', true, true, false],
  ['content-length', true, true, false],
  ['Content-Encoding', true, true, false],
  ['Content-MD5', true, true, false],
  ['Content-Digest', true, true, false],
  ['Transfer-Encoding', true, true, false],
]
/** Every kind of change; a scheme, a host and a port are each enough to leave the origin. */
const CHANGES: readonly [from: string, to: string, same: boolean][] = [
  ['https://h.example/a', 'https://h.example/b', true],
  ['https://h.example/a', 'https://H.EXAMPLE:443/b', true],
  ['http://h.example:80/a', 'http://h.example/b', true],
  ['https://h.example/a', 'https://other.example/a', false],
  ['https://h.example/a', 'https://sub.h.example/a', false],
  ['https://sub.h.example/a', 'https://h.example/a', false],
  ['https://h.example/a', 'https://h.example./a', false],
  ['https://h.example/a', 'https://h.example:8443/a', false],
  ['https://h.example/a', 'http://h.example/a', false],
  ['https://h.example/a', 'http://h.example:443/a', false],
  ['http://h.example/a', 'https://h.example/a', false],
  ['http://127.0.0.1/a', 'http://[::1]/a', false],
]

test('what a hop strips: header × kind of change × body', () => {
  const all: HeaderPairs = HEADERS.flatMap(([name]): HeaderPairs => [
    [name, '1'],
    [name, '2'],
  ])
  for (const [start, end, stays] of CHANGES) {
    for (const bodyDropped of [false, true]) {
      const kept = redirectRules.headers({
        headers: all,
        from: new URL(start),
        to: new URL(end),
        bodyDropped,
        secretHeaders: ['X-MINE'],
      })
      for (const [name, same, other, withoutBody] of HEADERS) {
        const wanted = (stays ? same : other) && (!bodyDropped || withoutBody)
        const count = kept.filter((pair) => pair[0] === name).length
        assert.equal(count, wanted ? 2 : 0, `${name}: ${start} to ${end}, ${String(bodyDropped)}`)
      }
    }
  }
})

test('the order and spelling of what stays are kept', () => {
  const headers: HeaderPairs = [
    ['B', '1'],
    ['Cookie', 'x'],
    ['a', '2'],
    ['B', '3'],
  ]
  const to = new URL('https://other.example/')
  assert.deepEqual(
    redirectRules.headers({ headers, from, to, bodyDropped: false, secretHeaders: [] }),
    [
      ['B', '1'],
      ['a', '2'],
      ['B', '3'],
    ],
  )
})

test('secret headers are known by their lower-case names', () => {
  const secret = [
    ...['authorization', 'proxy-authorization', 'cookie', 'cookie2'],
    ...['api-key', 'apikey', 'x-api-key', 'x-api-token', 'x-auth-token', 'x-access-token'],
    ...['x-session-token', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token', 'csrf-token'],
    ...['x-amz-security-token', 'x-goog-api-key', 'ocp-apim-subscription-key', 'x-functions-key'],
    ...['private-token', 'job-token', 'x-vault-token', 'x-shopify-access-token', 'dd-api-key'],
    ...['x-auth-key', 'x-subscription-token', 'x-rapidapi-key'],
  ]
  assert.deepEqual(secret.filter(isSecretHeader), secret)
  const others = ['accept', 'constructor', 'token', 'x-key', 'x-token', 'my-cookie', 'cookies', '']
  assert.deepEqual(others.filter(isSecretHeader), [])
})

/** How a Location may begin: behind the first slash, white space and backslashes count. */
const BEGINNINGS = [
  '/',
  '//',
  '/\t/',
  '/\\',
  '\\',
  '/./',
  '/../',
  '/a',
  '/-',
  '/_',
  '/%2f',
  '/a:b@',
  '',
]
const ENDS = ['other.test/x', 'x/../y?a#b', 'x y', '/\t..//x', '?q', '#f', '\\z']

test('a path leads where the URL parser says', () => {
  const leads = (location: string, base: URL) => {
    try {
      return target(location, 302, base)
    } catch {
      return 'nowhere'
    }
  }
  const parsed = (location: string, base: URL) => {
    if (!URL.canParse(location, base.href)) return 'nowhere'
    const to = new URL(location, base)
    to.username = ''
    to.password = ''
    if (!location.includes('#')) to.hash = base.hash
    return to.href
  }
  for (const text of ['http://h.test:81/dir/file?q#f', 'https://[::1]/', 'http://a@h.test/x']) {
    const base = new URL(text)
    for (const location of BEGINNINGS.flatMap((start) => ENDS.map((end) => start + end))) {
      assert.equal(leads(location, base), parsed(location, base), location)
    }
  }
})
