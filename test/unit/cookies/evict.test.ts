/** The limits of a jar, and who goes first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CookieJar } from '../../../src/cookies/jar.ts'

const HOME = new URL('https://www.example.com/')

test('180 cookies per domain: the least recently used goes first', () => {
  const jar = tickingJar()
  for (let number = 0; number < 180; number += 1) fill(jar, HOME, `c${String(number)}`)
  assert.equal(jar.size, 180)
  fill(jar, HOME, 'c0')
  fill(jar, HOME, 'new')
  assert.equal(jar.size, 180)
  assert.equal(jar.get('c1'), undefined)
  assert.equal(jar.get('c0'), 'x')
})

test('insecure cookies go before Secure ones, the new one itself included', () => {
  const jar = tickingJar({ perDomain: 2 })
  fill(jar, HOME, 'a', '; Secure')
  fill(jar, HOME, 'b')
  fill(jar, HOME, 'c', '; Secure')
  assert.deepEqual(names(jar), ['a', 'c'])
  fill(jar, HOME, 'd')
  assert.deepEqual(names(jar), ['a', 'c'])
  fill(jar, HOME, 'e', '; Secure')
  assert.deepEqual(names(jar), ['c', 'e'])
})

test('3000 cookies in all: expired ones go first, then the least recently used', () => {
  const jar = tickingJar()
  for (let number = 0; number < 3000; number += 1) {
    const url = new URL(`https://host${String(number % 300)}.example/`)
    fill(jar, url, `c${String(number)}`, number === 7 ? '; Max-Age=1' : '')
  }
  // The clock has long passed that second, which has nothing to do with the order of use.
  assert.equal(jar.size, 2999)
  fill(jar, HOME, 'x')
  assert.equal(jar.get('c0'), 'x')
  fill(jar, HOME, 'y')
  assert.equal(jar.get('c0'), undefined)
  assert.equal(jar.get('c1'), 'x')
  assert.equal(jar.size, 3000)
})

test('what is sent counts as used', () => {
  const jar = tickingJar({ total: 2 })
  fill(jar, HOME, 'a')
  fill(jar, new URL('https://other.example/'), 'b')
  jar.header(HOME)
  fill(jar, new URL('https://third.example/'), 'c')
  assert.deepEqual(names(jar), ['a', 'c'])
})

test('a full jar lets the least recently used go, one by one, whoever came from elsewhere', () => {
  const jar = tickingJar({ total: 300 })
  const url = (number: number): URL => new URL(`https://host${String(number)}.example/`)
  for (let number = 0; number < 300; number += 1) fill(jar, url(number), 'c')
  fill(jar, url(300), 'c')
  jar.header(url(1))
  const older = new CookieJar({ now: () => 1 })
  older.set('older', '1', { domain: 'host.example' })
  jar.update(older)
  assert.equal(jar.get('older'), undefined)
  fill(jar, url(301), 'c')
  assert.equal(jar.size, 300)
  const kept = [...jar].map((cookie) => cookie.domain)
  assert.deepEqual(kept.slice(0, 2), ['host1.example', 'host3.example'])
})

test('limits that are no whole numbers from 1 on are refused', () => {
  for (const total of [0, -1, 1.5, Number.NaN, Infinity]) {
    assert.throws(() => new CookieJar({ limits: { total } }), TypeError)
  }
})

test('cookies of the caller are not crowded out by the limit per domain', () => {
  const jar = tickingJar({ perDomain: 2 })
  for (const name of ['a', 'b', 'c']) jar.set(name, '1')
  assert.deepEqual(names(jar), ['a', 'b', 'c'])
})

function tickingJar(limits: { perDomain?: number; total?: number } = {}): CookieJar {
  let now = Date.UTC(2026, 0, 1)
  return new CookieJar({ limits, now: () => now++ })
}

function fill(jar: CookieJar, url: URL, name: string, attributes: string = ''): void {
  void jar.setCookie(`${name}=x${attributes}`, url)
}

function names(jar: CookieJar): string[] {
  return [...jar].map((cookie) => cookie.name)
}
