/** Jars that are stored and shared: merging, deletions, writers at one time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieStorage } from '../../../adapters/workerd/cookie-storage.ts'
import { openCookieJar } from '../../../src/cookies/persist.ts'
import type { CookieStorage } from '../../../src/cookies/persist.ts'

const HOME = new URL('https://www.example.com/')

test('a jar is there again when it is opened anew', async () => {
  const storage = memory()
  const jar = await openCookieJar(storage)
  assert.equal(jar.changed, false)
  await jar.setCookie('a=1; HttpOnly; SameSite=Lax', HOME)
  jar.set('b', '2')
  assert.equal(jar.changed, true)
  await jar.close()
  assert.equal(jar.changed, false)
  const again = await openCookieJar(storage)
  assert.deepEqual([...again], [...jar])
  assert.equal(again.changed, false)
})

test('nothing is written when nothing has changed', async () => {
  const storage = memory()
  const jar = await openCookieJar(storage)
  await jar.setCookie('a=1', HOME)
  await jar.save()
  jar.header(HOME)
  await jar.save()
  await jar.reload()
  await jar.save()
  assert.equal(storage.writes, 1)
})

test('two jars over one storage end up with the changes of both, the newer ones winning', async () => {
  const clock = ticking()
  const storage = memory()
  const one = await openCookieJar(storage, { now: clock })
  const two = await openCookieJar(storage, { now: clock })
  await one.setCookie('a=1', HOME)
  await two.setCookie('b=2', HOME)
  await two.setCookie('both=older', HOME)
  await one.setCookie('both=newer', HOME)
  await one.save()
  await two.save()
  await one.reload()
  assert.deepEqual({ ...one.toObject() }, { a: '1', b: '2', both: 'newer' })
  assert.deepEqual({ ...two.toObject() }, { a: '1', b: '2', both: 'newer' })
})

test('a deletion reaches the other jar, and a later change survives it', async () => {
  const clock = ticking()
  const storage = memory()
  const one = await openCookieJar(storage, { now: clock })
  await one.setCookie('gone=1', HOME)
  await one.setCookie('kept=1', HOME)
  await one.save()
  const two = await openCookieJar(storage, { now: clock })
  one.delete('gone')
  await one.setCookie('kept=; Max-Age=0', HOME)
  await two.setCookie('kept=2', HOME)
  await one.save()
  await two.save()
  assert.deepEqual({ ...two.toObject() }, { kept: '2' })
  await one.reload()
  assert.deepEqual({ ...one.toObject() }, { kept: '2' })
  // Not even a jar that had it all along brings it back.
  await two.save()
  assert.equal((await openCookieJar(storage, { now: clock })).get('gone'), undefined)
})

test('a cookie set anew after its deletion stays, within one millisecond', async () => {
  const storage = memory()
  const jar = await openCookieJar(storage, { now: () => 1_800_000_000_000 })
  for (const value of ['1', '2']) {
    await jar.setCookie(`a=${value}`, HOME)
    await jar.save()
    jar.delete('a')
    await jar.save()
    assert.equal(jar.size, 0)
  }
  await jar.setCookie('a=3', HOME)
  await jar.save()
  await jar.reload()
  assert.equal(jar.get('a'), '3')
})

test('an older copy does not come back when the newer one has expired', async () => {
  let now = 1_800_000_000_000
  const storage = memory()
  const one = await openCookieJar(storage, { now: () => now })
  await one.setCookie('a=long; Max-Age=100000', HOME)
  await one.save()
  now += 1000
  await one.setCookie('a=short; Max-Age=1', HOME)
  now += 2000
  assert.equal(one.size, 0)
  await one.save()
  assert.equal((await openCookieJar(storage, { now: () => now })).size, 0)
})

test('natural expiry leaves nothing to save', async () => {
  let now = 1_800_000_000_000
  const storage = memory()
  const jar = await openCookieJar(storage, { now: () => now })
  await jar.setCookie('a=1; Max-Age=1', HOME)
  await jar.save()
  now += 2000
  assert.equal(jar.size, 0)
  assert.equal(jar.changed, false)
})

test('a save that is overtaken by a later one does not undo it', async () => {
  const releases: (() => void)[] = []
  const storage = memory()
  const slow: CookieStorage = {
    getItem: (key) => storage.getItem(key),
    setItem: async (key, value) => {
      if (releases.length < 1) await new Promise<void>((resolve) => releases.push(resolve))
      storage.setItem(key, value)
    },
  }
  const jar = await openCookieJar(slow)
  await jar.setCookie('a=1', HOME)
  const first = jar.save()
  await Promise.resolve()
  await new Promise(setImmediate)
  await jar.setCookie('b=2', HOME)
  await jar.save()
  releases[0]?.()
  await first
  assert.deepEqual({ ...(await openCookieJar(storage)).toObject() }, { a: '1', b: '2' })
})

test('a storage may give parsed JSON, be asynchronous, or be a key-value namespace', async () => {
  const texts = new Map<string, string>()
  const kv = cookieStorage({
    get: (key) => Promise.resolve(texts.get(key) ?? null),
    put: (key, value) => Promise.resolve(texts.set(key, value)),
  })
  const jar = await openCookieJar(kv, { key: 'session:7' })
  await jar.setCookie('a=1', HOME)
  await jar.close()
  assert.deepEqual([...texts.keys()], ['session:7'])
  const parsed = {
    getItem: () => JSON.parse(texts.get('session:7') ?? '') as unknown,
    setItem: () => null,
  }
  assert.equal((await openCookieJar(parsed)).get('a'), '1')
})

test('what cannot be read is not overwritten', async () => {
  const storage = memory('{"secret": "not a jar"}')
  await assert.rejects(
    openCookieJar(storage),
    (error: unknown) => error instanceof TypeError && !error.message.includes('secret'),
  )
  assert.equal(storage.writes, 0)
  await assert.rejects(openCookieJar({} as CookieStorage), TypeError)
})

test('what a storage claims is cut to what a jar grants', async () => {
  const now = 1_800_000_000_000
  const longest = now + 400 * 24 * 60 * 60 * 1000
  const far = now + 10 * 365 * 24 * 60 * 60 * 1000
  const cookies = Array.from({ length: 200 }, (_, at) => ({
    ...{ name: `c${String(at)}`, value: '1', domain: 'example.com', path: '/', expires: far },
    ...{ created: at, updated: at },
  }))
  const options = { now: () => now }
  const text = JSON.stringify({ format: 'ubiquest-cookies', version: 1, cookies })
  const jar = await openCookieJar(memory(text), options)
  assert.deepEqual([jar.size, [...jar][0]?.name, jar.changed], [180, 'c20', false])
  assert.ok([...jar].every(({ expires }) => expires === longest))
  const lines = cookies.map(({ name }) =>
    ['example.com', 'FALSE', '/', 'FALSE', String(far / 1000), name, '1'].join('\t'),
  )
  const storage = { ...memory(lines.join('\n')), format: 'netscape' } as const
  const other = await openCookieJar(storage, options)
  assert.equal(other.size, 180)
  assert.ok([...other].every(({ expires }) => expires === longest))
})

interface Memory extends CookieStorage {
  readonly writes: number
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

function memory(text: string | null = null): Memory {
  let stored = text
  let writes = 0
  return {
    get writes() {
      return writes
    },
    getItem: () => stored,
    setItem: (_key, value) => {
      stored = value
      writes += 1
    },
  }
}

function ticking(): () => number {
  let now = 1_800_000_000_000
  return () => now++
}
