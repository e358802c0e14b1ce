/** The header of a host is kept until a cookie changes, and is always what would be found anew. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CookieJar } from '../../../src/cookies/jar.ts'

const START = Date.UTC(2026, 0, 1)
const URLS = [
  'http://a.test/',
  'http://a.test/shop/cart',
  'https://a.test/shop/cart',
  'http://www.a.test/',
  'http://b.test/shop',
].map((url) => new URL(url))
const LINES = [
  'n=1',
  'n=2; Path=/shop',
  'n=3; Path=/shop/cart',
  'n=4; Domain=a.test',
  'n=5; Secure',
  'n=6; Max-Age=3',
  'm=7; Domain=a.test; Max-Age=5',
  'n=; Max-Age=0',
  'm=8; Path=/shop; Secure',
  'm=; Max-Age=0; Domain=a.test',
]

test('whatever happens to a jar, it sends what a jar without a memory would send', () => {
  let seed = 1
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let round = 0; round < 50; round += 1) {
    let time = START
    const now = (): number => time
    const jar = new CookieJar({ now })
    for (let step = 0; step < 200; step += 1) {
      const url = URLS[random(URLS.length)] ?? assert.fail()
      const line = LINES[random(LINES.length)] ?? assert.fail()
      const what = random(8)
      if (what === 0) void jar.setCookie(line, url)
      else if (what === 1) jar.set('own', String(step))
      else if (what === 2) jar.delete(random(2) === 0 ? 'n' : 'own')
      // A clock may be set back.
      else if (what === 3) time += random(4000) - 1000
      const fresh = CookieJar.fromJSON(jar.toJSON(), { now })
      const origin = random(2) === 0 ? 'http://a.test' : undefined
      assert.equal(jar.header(url, origin), fresh.header(url, origin))
      assert.equal(jar.header(url, origin), fresh.header(url, origin))
    }
  }
})

test('a cookie that is sent again has been used again', () => {
  let time = START
  const jar = new CookieJar({ now: () => time, limits: { total: 2 } })
  const [first, , , , other] = URLS
  if (first === undefined || other === undefined) assert.fail()
  void jar.setCookie('a=1', first)
  assert.equal(jar.header(first), 'a=1')
  time += 1
  void jar.setCookie('b=1', other)
  assert.equal(jar.header(first), 'a=1')
  time += 1
  assert.equal(jar.header(first), 'a=1')
  time += 1
  void jar.setCookie('c=1', new URL('http://c.test/'))
  assert.deepEqual(Object.keys(jar.toObject()), ['a', 'c'])
})
