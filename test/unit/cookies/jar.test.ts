/** The surface of the jar: what a caller sets, finds, loops over and deletes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CookieJar } from '../../../src/cookies/jar.ts'
import { CookieConflictError, InvalidHeaderError } from '../../../src/errors.ts'
import type { CookieAttributes } from '../../../src/types.ts'

const HOME = new URL('https://www.example.com/')
const AWAY = new URL('https://other.example/')

test('a cookie without a domain goes to the origin the caller named, and nowhere else', () => {
  const jar = new CookieJar()
  jar.set('a', '1')
  assert.equal(jar.header(HOME, HOME.origin), 'a=1')
  assert.equal(jar.header(new URL('https://www.example.com/deep?x'), HOME.origin), 'a=1')
  assert.equal(jar.header(AWAY, HOME.origin), null)
  assert.equal(jar.header(new URL('http://www.example.com/'), HOME.origin), null)
  assert.equal(jar.header(new URL('https://www.example.com:8443/'), HOME.origin), null)
  assert.equal(jar.header(AWAY), 'a=1', 'the next call may name another origin')
})

test('a cookie with a domain goes there and below', () => {
  const jar = new CookieJar()
  jar.set('a', '1', { domain: 'Example.COM' })
  jar.set('b', '2', { domain: '.example.com', path: '/docs' })
  jar.set('c', '3', { domain: 'bücher.example' })
  assert.equal(jar.header(HOME), 'a=1')
  assert.equal(jar.header(new URL('https://example.com/docs/x')), 'b=2; a=1')
  assert.equal(jar.header(new URL('https://xn--bcher-kva.example/')), 'c=3')
  assert.equal(jar.header(AWAY), null)
})

test('a single label or an address is a host of its own', () => {
  const jar = new CookieJar()
  jar.set('a', '1', { domain: 'localhost' })
  jar.set('b', '2', { domain: '127.0.0.1' })
  jar.set('c', '3', { domain: '::1' })
  jar.set('d', '4', { domain: 'com' })
  assert.equal(jar.header(new URL('http://localhost:1/')), 'a=1')
  assert.equal(jar.header(new URL('http://127.0.0.1:1/')), 'b=2')
  assert.equal(jar.header(new URL('http://[::1]:1/')), 'c=3')
  assert.equal(jar.header(new URL('https://example.com/')), null)
})

test('get finds by name, domain and path, and two matches are a conflict', async () => {
  const jar = new CookieJar()
  await jar.setCookie('a=1; Path=/', HOME)
  await jar.setCookie('a=2; Path=/x', HOME)
  await jar.setCookie('a=3; Path=/', AWAY)
  assert.throws(() => jar.get('a'), CookieConflictError)
  assert.throws(() => jar.get('a', { domain: 'www.example.com' }), /www\.example\.com\/x/)
  assert.equal(jar.get('a', { domain: 'WWW.example.com', path: '/x' }), '2')
  assert.equal(jar.get('a', { domain: 'other.example' }), '3')
  assert.equal(jar.get('a', { path: '/x' }), '2')
  assert.equal(jar.get('nothing'), undefined)
})

test('the message of a conflict has no value in it', () => {
  const jar = new CookieJar()
  jar.set('sid', 'secret-1')
  jar.set('sid', 'secret-2', { domain: 'example.com' })
  assert.throws(
    () => jar.get('sid'),
    (error: unknown) => error instanceof CookieConflictError && !error.message.includes('secret'),
  )
})

test('delete takes every match and says whether there was one', () => {
  const jar = new CookieJar()
  jar.set('a', '1')
  jar.set('a', '2', { domain: 'example.com' })
  jar.set('b', '3')
  assert.equal(jar.delete('a', { domain: 'example.com' }), true)
  assert.equal(jar.get('a'), '1')
  assert.equal(jar.delete('a'), true)
  assert.equal(jar.delete('a'), false)
  assert.deepEqual(
    [...jar].map((cookie) => cookie.name),
    ['b'],
  )
  jar.clear()
  assert.equal(jar.size, 0)
})

test('update takes names and values, or all of another jar; null deletes', async () => {
  const jar = new CookieJar()
  jar.update({ a: '1', b: '2', c: undefined })
  jar.update({ a: null })
  assert.equal(jar.header(HOME), 'b=2')
  const other = new CookieJar()
  await other.setCookie('s=1; Secure; HttpOnly; Path=/x; SameSite=Strict; Partitioned', HOME)
  jar.update(other)
  jar.update(jar)
  const [, copied] = [...jar]
  const [original] = [...other]
  assert.deepEqual({ ...copied, accessed: 0 }, { ...original, accessed: 0 })
})

test('update refuses what is neither', () => {
  const jar = new CookieJar()
  for (const input of ['a=1', null, 1, [['a', '1']], new Map([['a', '1']])]) {
    assert.throws(() => {
      jar.update(input as unknown as Record<string, string>)
    }, TypeError)
  }
  assert.equal(jar.size, 0)
})

test('names that every object inherits are just names, and inherited ones are none', () => {
  const jar = new CookieJar()
  jar.update(JSON.parse('{"__proto__": "1", "constructor": "2"}') as Record<string, string>)
  jar.update(Object.create({ inherited: 'x' }) as Record<string, string>)
  assert.equal(jar.get('__proto__'), '1')
  const object = jar.toObject()
  assert.equal(Object.getPrototypeOf(object), null)
  assert.deepEqual(Object.keys(object), ['__proto__', 'constructor'])
  assert.equal(({} as Record<string, unknown>)['1'], undefined)
})

test('what no header can carry is refused, and the value is not shown', () => {
  const jar = new CookieJar()
  const bad: [string, string][] = [
    ['a', 'x;y'],
    ['a', 'secret\r\nX-Evil: 1'],
    ['a', 'secret\0'],
    ['a', '\u20ac'],
    ['a', ' x'],
    ['a', 'x\t'],
    ['a=b', 'x'],
    ['a;b', 'x'],
    ['a\n', 'x'],
    [' a', 'x'],
    ['', ''],
    ['', 'a=b'],
    ['a', 'x'.repeat(4096)],
  ]
  for (const [name, value] of bad) {
    assert.throws(
      () => {
        jar.set(name, value)
      },
      (error: unknown) => error instanceof InvalidHeaderError && !error.message.includes('secret'),
      JSON.stringify([name, value]),
    )
  }
  jar.set('a', 'x\ty \xff"=')
  assert.equal(jar.header(HOME), 'a=x\ty \xff"=')
})

test('mistakes of the caller are type errors', () => {
  const jar = new CookieJar()
  const bad: CookieAttributes[] = [
    { domain: '' },
    { domain: 'a b' },
    { domain: 'https://example.com' },
    { domain: 'example.com:80' },
    { domain: 'example.com/x' },
    { domain: 'user@example.com' },
    { path: 'x' },
    { path: '/\n' },
    { maxAge: Number.NaN },
    { expires: new Date('never') },
    { sameSite: 'none' },
    { sameSite: 'Lax' as 'lax' },
    { partitioned: true },
  ]
  for (const attributes of bad) {
    assert.throws(
      () => {
        jar.set('a', '1', attributes)
      },
      TypeError,
      JSON.stringify(attributes),
    )
  }
  assert.throws(() => {
    jar.set('a', 1 as unknown as string)
  }, TypeError)
})

test('the prefixes hold for a cookie the caller sets, too', () => {
  const jar = new CookieJar()
  jar.set('__Host-a', '1')
  jar.set('__Host-b', '2', { domain: 'example.com' })
  jar.set('__secure-c', '3', { domain: 'example.com' })
  assert.equal(jar.header(new URL('https://example.com/')), '__Host-a=1; __Host-b=2; __secure-c=3')
  assert.equal(jar.header(new URL('https://x.example.com/')), '__Host-a=1; __secure-c=3')
  assert.equal(jar.header(new URL('http://example.com/')), null)
  assert.throws(() => {
    jar.set('__HOST-a', '1', { path: '/x' })
  }, TypeError)
  assert.throws(() => {
    jar.set('__Secure-a', '1', { secure: false })
  }, TypeError)
  assert.throws(() => {
    jar.set('', '__Host-a')
  }, TypeError)
})

test('lifetimes: seconds over dates, 400 days at most, and the past deletes', () => {
  let now = Date.UTC(2026, 0, 1)
  const day = 86_400_000
  const jar = new CookieJar({ now: () => now })
  jar.set('a', '1', { maxAge: 60, expires: new Date(0) })
  jar.set('b', '2', { expires: now + 2 * day })
  jar.set('c', '3', { maxAge: Infinity })
  jar.set('d', '4', { expires: now + 4000 * day })
  jar.set('e', '5', { expires: null })
  assert.equal(jar.header(HOME), 'a=1; b=2; c=3; d=4; e=5')
  jar.set('b', '', { maxAge: 0 })
  now += 60_000
  assert.equal(jar.size, 3)
  assert.equal(jar.get('a'), undefined)
  now += 400 * day - 60_000
  assert.equal(jar.header(HOME), 'e=5')
})

test('the cap of 400 days holds for what a server sends', () => {
  let now = Date.UTC(2026, 0, 1)
  const jar = new CookieJar({ now: () => now })
  void jar.setCookie('a=1; Max-Age=99999999999999999999', HOME)
  void jar.setCookie('b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT', HOME)
  now += 400 * 86_400_000 - 1
  assert.equal(jar.header(HOME), 'a=1; b=1')
  now += 1
  assert.equal(jar.header(HOME), null)
})

test('hostile lines are read in linear time', () => {
  const jar = new CookieJar()
  const size = 65_536
  const start = performance.now()
  for (const part of [';', ' ', '=', ';\t', ';expires', '; expires=', ';path=/', '1:', '1 ', ',']) {
    const long = part.repeat(size / part.length)
    for (const line of [long, `a=1${long}`, `a=1; ${long}`, `a=1; expires=${long}`]) {
      void jar.setCookie(line, HOME)
    }
  }
  // Some 40 lines take 0.2 s; anything quadratic takes minutes.
  assert.ok(performance.now() - start < 20_000)
})

test('a cookie is found again by what the loop tells of it', () => {
  const jar = new CookieJar()
  jar.set('a', '1')
  jar.set('a', '2', { domain: 'example.com' })
  for (const { name, domain, path, value } of jar)
    assert.equal(jar.get(name, { domain, path }), value)
})

test('what has expired is none that another takes the place of, or that stands in its way', () => {
  let now = 1_800_000_000_000
  const insecure = new URL('http://www.example.com/')
  for (const later of ['b=2', 'given']) {
    const jar = new CookieJar({ now: () => (now += 10) })
    void jar.setCookie('b=1; Max-Age=1; Path=/', HOME)
    void jar.setCookie('a=1; Path=/', HOME)
    void jar.setCookie('s=1; Secure; Max-Age=1; Path=/', HOME)
    void jar.setCookie('s=2; Path=/', insecure)
    assert.equal(jar.header(insecure), 'b=1; a=1')
    now += 2000
    void jar.setCookie('s=3; Path=/', insecure)
    if (later === 'given') jar.set('b', '2', { domain: 'www.example.com' })
    else void jar.setCookie(later, HOME)
    assert.match(jar.header(insecure) ?? '', /^a=1; s=3; b=2$/)
  }
})
