/** A jar remembers what hosts have said before: nobody may notice, but for the time it takes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadPublicSuffixes } from '../../../adapters/public-suffixes.ts'
import { AttributeReader } from '../../../src/cookies/attributes.ts'
import { parseCookieDate } from '../../../src/cookies/cookie-date.ts'
import { CookieJar } from '../../../src/cookies/jar.ts'

const HOME = new URL('https://www.example.com/')

test('hosts that say the same each get cookies of their own', async () => {
  const jar = new CookieJar({ publicSuffix: loadPublicSuffixes })
  const line = 'a=1; Path=/; Domain=example.com'
  await jar.setCookie(line, HOME)
  await jar.setCookie(line, new URL('https://other.example/'))
  await jar.setCookie('b=2; Path=/', HOME)
  await jar.setCookie('b=3; Path=/', new URL('https://other.example/'))
  assert.equal(jar.header(new URL('https://shop.example.com/')), 'a=1')
  assert.equal(jar.header(new URL('https://other.example/')), 'b=3')
})

test('the same text counts anew for another scheme and path', () => {
  const jar = new CookieJar()
  void jar.setCookie('a=1; Secure', new URL('https://example.com/x/1'))
  void jar.setCookie('a=2; Secure', new URL('http://example.com/y/1'))
  void jar.setCookie('a=3; Secure', new URL('https://example.com/y/1'))
  assert.equal(jar.header(new URL('https://example.com/x/')), 'a=1')
  assert.equal(jar.header(new URL('https://example.com/y/')), 'a=3')
})

test('of two lines that wait for the public suffixes, each keeps its own date', async () => {
  const suffix = await loadPublicSuffixes()
  const jar = new CookieJar({ publicSuffix: () => Promise.resolve(suffix) })
  const later = new Date(Date.now() + 86_400_000).toUTCString()
  await Promise.all([
    jar.setCookie(`a=1; Domain=example.com; Expires=${later}`, HOME),
    jar.setCookie('b=2; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT', HOME),
    jar.setCookie('c=3; Domain=example.com; Expires=never', HOME),
  ])
  assert.deepEqual(
    [...jar].map(({ name, expires }) => [name, expires]),
    [
      ['a', Date.parse(later)],
      ['c', null],
    ],
  )
})

test('cookies of one name on many paths come and go one by one', () => {
  const jar = new CookieJar()
  const at = (path: string): URL => new URL(`https://example.com${path}`)
  for (const path of ['/', '/a', '/b', '/c']) void jar.setCookie(`n=${path}; Path=${path}`, at('/'))
  assert.equal(jar.header(at('/a')), 'n=/a; n=/')
  for (const path of ['/a', '/', '/c']) {
    void jar.setCookie(`n=; Path=${path}; Max-Age=0`, at('/'))
    assert.equal(jar.get('n', { path }), undefined)
  }
  assert.equal(jar.header(at('/b')), 'n=/b')
  assert.equal(jar.size, 1)
  void jar.setCookie('n=; Path=/b; Max-Age=0', at('/'))
  assert.equal(jar.size, 0)
  void jar.setCookie('n=again; Path=/b', at('/'))
  assert.equal(jar.header(at('/b')), 'n=again')
})

test('a domain that was emptied is filled again from both of its hosts', () => {
  const jar = new CookieJar()
  const below = new URL('https://a.b.example.com/')
  const line = (value: string): string => `n=${value}; Domain=b.example.com; Path=/`
  const hosts = [below, new URL('https://c.b.example.com/')]
  for (const round of ['1', '2', '3']) {
    for (const url of hosts) void jar.setCookie(line(`${round}${url.hostname}`), url)
    assert.equal(jar.header(below), `n=${round}c.b.example.com`)
    assert.equal(jar.size, 1)
    jar.clear()
  }
})

test('what is remembered says what reading it anew says', () => {
  const part = fc.constantFrom(
    ...[
      'Path=/',
      'Path=/x',
      'Secure',
      'Domain=example.com',
      'SameSite=Lax',
      'Max-Age=5',
      ' ',
      'x=y',
    ],
    ...[
      'Expires=Wed, 09 Jun 2077 10:18:14 GMT',
      'expires=9 jun 77 1:2:3',
      'EXPIRES =never',
      'Expires',
    ],
    ...[
      'Expires=Wed, 09 Jun 2077 10:18:15 GMT',
      `Path=/${'p'.repeat(300)}`,
      '\xa0Path=/',
      'x=\x01',
    ],
  )
  const text = fc
    .array(part, { maxLength: 4 })
    .map((parts) => parts.map((each) => `; ${each}`).join(''))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      const reader = new AttributeReader()
      for (const each of texts) {
        assert.deepEqual(said(reader, each), said(new AttributeReader(), each))
      }
    }),
    { numRuns: 2000 },
  )
})

test('the date that nearly all servers send is read as any other date is', () => {
  const piece = fc.string({ minLength: 1, maxLength: 1 })
  const seconds = fc.integer({ min: -1.2e10, max: 2.5e11 })
  const fixed = seconds.map((at) => new Date(at * 1000).toUTCString())
  const bent = fc
    .tuple(fixed, fc.integer({ min: 0, max: 28 }), piece)
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(fixed, bent), (text) => {
      // With a delimiter in front it is the same date, in another form.
      assert.equal(parseCookieDate(text), parseCookieDate(` ${text}`))
    }),
    { numRuns: 20_000 },
  )
})

/** What a reader makes of a text, as data. */
function said(reader: AttributeReader, text: string): unknown {
  const reading = reader.read('www.example.com', text)
  if ('refused' in reading) return reading
  return { ...reading.attributes, text: '', expires: reading.expires }
}
