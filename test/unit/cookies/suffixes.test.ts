/** Public suffixes: when they are loaded, and who knows them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { getPublicSuffix } from 'tldts'
import { CookieJar as BoundJar, openCookieJar } from '../../../adapters/cookie-jar.ts'
import { loadPublicSuffixes } from '../../../adapters/public-suffixes.ts'
import { CookieJar } from '../../../src/cookies/jar.ts'
import { withPublicSuffixes } from '../../../src/cookies/rules.ts'

const HOME = new URL('https://www.example.com/')

test('without suffix data a single label is refused with its reason', () => {
  const reasons: string[] = []
  const jar = new CookieJar({ onRefused: (reason) => reasons.push(reason) })
  assert.equal(jar.setCookie('a=secret; Domain=com', HOME), undefined)
  assert.equal(jar.setCookie('b=2; Domain=example.com', HOME), undefined)
  assert.deepEqual(reasons, ['its Domain is a single label, which no cookie may span'])
  assert.equal(jar.header(HOME), 'b=2')
})

test('public suffixes are loaded when a Domain is named, and only then', async () => {
  let loads = 0
  const jar = new CookieJar({
    publicSuffix: async () => {
      loads += 1
      return await loadPublicSuffixes()
    },
  })
  assert.equal(jar.setCookie('a=1', HOME), undefined)
  assert.equal(jar.setCookie('b=1; Domain=com', HOME), undefined)
  assert.equal(jar.setCookie('c=1; Domain=127.0.0.1', new URL('http://127.0.0.1/')), undefined)
  assert.equal(loads, 0)
  const pending = jar.setCookie('d=1; Domain=example.com', HOME)
  assert.ok(pending instanceof Promise)
  assert.equal(jar.header(HOME), 'a=1')
  await pending
  assert.equal(jar.header(HOME), 'a=1; d=1')
  assert.equal(jar.setCookie('e=1; Domain=example.com', HOME), undefined)
  assert.equal(loads, 1)
})

test('the jar that adapters export knows the public suffixes, however it is made', async () => {
  const shop = new URL('https://shop.co.uk/')
  const opened = await openCookieJar({ getItem: () => null, setItem: () => null })
  const empty = new BoundJar().toJSON()
  for (const jar of [new BoundJar(), BoundJar.fromJSON(empty), BoundJar.fromNetscape(''), opened]) {
    await jar.setCookie('a=1; Domain=co.uk', shop)
    await jar.setCookie('b=1; Domain=shop.co.uk', shop)
    assert.equal(jar.header(shop), 'b=1')
  }
})

test('a final dot makes no public suffix less of one', async () => {
  for (const jar of [new BoundJar(), new CookieJar()]) {
    await jar.setCookie('a=1; Domain=com.', new URL('https://example.com./'))
    assert.equal(jar.header(new URL('https://other.com./')), null)
  }
  const jar = new BoundJar()
  const shop = new URL('https://shop.co.uk./')
  await jar.setCookie('a=1; Domain=co.uk.', shop)
  await jar.setCookie('b=1; Domain=shop.co.uk.', shop)
  assert.equal(jar.header(new URL('https://www.shop.co.uk./')), 'b=1')
})

test('the rules of a platform make jars that know public suffixes, as a bare jar does not', async () => {
  const plain = new CookieJar()
  const careful = withPublicSuffixes(loadPublicSuffixes).createJar()
  const shop = new URL('https://shop.co.uk/')
  await plain.setCookie('a=1; Domain=co.uk', shop)
  await careful.setCookie('a=1; Domain=co.uk', shop)
  assert.equal(plain.size, 1)
  assert.equal(careful.size, 0)
})

/** Scripts have no types. */
async function workersSuffixes(): Promise<{ list: string; suffixOf: (name: string) => string }> {
  const load = async <T>(name: string): Promise<T> =>
    (await import(pathToFileURL(join(process.cwd(), `scripts/${name}.mjs`)).href)) as T
  const { suffixList } = await load<{ suffixList: () => string }>('public-suffixes')
  const { suffixFinder } = await load<Lookup>('suffix-lookup')
  const list = suffixList()
  return { list, suffixOf: suffixFinder(list) }
}
interface Lookup {
  suffixFinder: (list: string) => (name: string) => string
}

test('the suffix that a Worker finds for any name is that of tldts', async () => {
  const { list, suffixOf } = await workersSuffixes()
  const groups = list.split(';').map((group) => group.split(' '))
  assert.ok(groups.length > 1000, String(groups.length))
  const labels = groups.flatMap(([, ...names]) => names.map((name) => name.replace(/^!/, '')))
  const names = groups.flatMap(([domain = '', ...rules]) =>
    rules.map((rule) => `${rule.replace(/^!|^\*/, '') || 'any'}.${domain}`),
  )
  const options = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }
  const compare = (name: string): void =>
    assert.equal(suffixOf(name), getPublicSuffix(name, options), name)
  for (const [at, name] of names.entries()) {
    const parent = name.slice(name.indexOf('.') + 1)
    const other = labels[(at * 7919) % labels.length] ?? 'other'
    const near = [name, parent, `a.${name}`, `b.a.${name}`, `x${name}`, `a.${parent}`]
    for (const each of [...near, `${other}.${name}`, `${other}.${parent}`]) compare(each)
  }
  for (const name of ['com', 'localhost', 'no.such.tld', 'a..ck', 'b..kawasaki.jp']) compare(name)
})

test('names beyond ASCII, as hosts spell them, are in both lists', async () => {
  const known = await loadPublicSuffixes()
  const { suffixOf } = await workersSuffixes()
  for (const name of ['食狮.公司.cn', 'shop.åfjord.no', 'a.ак.срб']) {
    const host = new URL(`http://${name}/`).hostname
    assert.equal(suffixOf(host), host.slice(host.indexOf('.') + 1))
    assert.equal(known(host), suffixOf(host))
  }
})
