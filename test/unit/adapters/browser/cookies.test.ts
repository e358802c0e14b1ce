/** What script sees of a browser's jar, over a document and a CookieStore that are played here. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { PageCookies, pageCookies } from '../../../../adapters/browser/cookies.ts'
import { WorkerCookies } from '../../../../adapters/browser/worker-cookies.ts'
import type { AsyncCookie } from '../../../../adapters/browser/worker-cookies.ts'
import { CookieConflictError, UnsupportedError } from '../../../../src/errors.ts'

afterEach(() => {
  for (const name of ['document', 'location', 'isSecureContext', 'cookieStore']) {
    Reflect.deleteProperty(globalThis, name)
  }
})

test('a page reads and writes document.cookie at once', () => {
  const lines = page('a=1; b=x=y; nameless')
  const cookies = pageCookies()
  assert.deepEqual({ ...cookies.toObject() }, { a: '1', b: 'x=y', '': 'nameless' })
  assert.equal(cookies.size, 3)
  cookies.set('c', '3', { domain: 'example.com', maxAge: 60, sameSite: 'lax', secure: true })
  assert.equal(lines.at(-1), 'c=3; Path=/; Domain=example.com; Max-Age=60; SameSite=lax; Secure')
  cookies.set('d', '4', { path: '/x', expires: 0, partitioned: true })
  assert.equal(lines.at(-1), 'd=4; Path=/x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Partitioned')
  assert.deepEqual(
    [cookies.header(new URL('https://example.com/')), cookies.isNative],
    [null, true],
  )
})

test('what the browser did not take, and what no script may set, is an error', () => {
  const lines = page('a=1')
  const cookies = pageCookies()
  assert.throws(() => {
    cookies.set('refused', '1')
  }, UnsupportedError)
  cookies.set('a', '1')
  const before = lines.length
  for (const [name, value] of [
    ['a;b', '1'],
    ['a=b', '1'],
    ['a', '1\r\n'],
  ] as const) {
    assert.throws(() => {
      cookies.set(name, value)
    }, TypeError)
  }
  assert.throws(() => {
    cookies.set('a', '1', { path: '/; Domain=com' })
  }, TypeError)
  assert.throws(() => {
    cookies.set('a', '1', { httpOnly: true })
  }, TypeError)
  assert.equal(lines.length, before)
})

test('one name twice is a conflict', () => {
  page('a=1; a=2; b=3')
  const cookies = pageCookies()
  assert.throws(() => cookies.get('a'), CookieConflictError)
  assert.equal(cookies.get('b'), '3')
})

test('a cookie is deleted wherever the page may see it', () => {
  const lines = page('a=1')
  pageCookies().delete('a')
  const where = lines.map((line) => /^a=; (Path=\S+?)(?:; (Domain=\S+?))?; Max-Age=0/.exec(line))
  const places = new Set(where.map((found) => `${String(found?.[1])} ${String(found?.[2])}`))
  for (const path of ['/shop/cart', '/shop/', '/shop', '/']) {
    for (const domain of ['undefined', 'Domain=www.example.com', 'Domain=example.com']) {
      assert.ok(places.has(`Path=${path} ${domain}`), `${path} ${domain}`)
    }
  }
  lines.length = 0
  pageCookies().delete('a', { path: '/x', domain: 'example.com' })
  assert.deepEqual(lines, [
    'a=; Path=/x; Domain=example.com; Max-Age=0',
    'a=; Path=/x; Domain=example.com; Max-Age=0; Secure',
    'a=; Path=/x; Domain=example.com; Max-Age=0; Secure; Partitioned',
  ])
  lines.length = 0
  assert.equal(pageCookies().delete('unknown'), false)
  assert.equal(lines.length, 0)
})

test('a dedicated worker sees no cookies, and says so when some are set', () => {
  const cookies = pageCookies()
  assert.equal(cookies.size, 0)
  assert.throws(() => {
    cookies.set('a', '1')
  }, UnsupportedError)
})

test('a sandboxed page sees no cookies, and says so when some are set', () => {
  const refuse = (): never => {
    throw new DOMException('The document is sandboxed.', 'SecurityError')
  }
  define('document', Object.defineProperty({}, 'cookie', { get: refuse, set: refuse }))
  const cookies = pageCookies()
  assert.deepEqual([cookies.size, [...cookies], cookies.get('a')], [0, [], undefined])
  assert.equal(cookies.delete('a'), false)
  assert.throws(() => {
    cookies.set('a', '1', { path: '/x' })
  }, UnsupportedError)
})

test('a service worker has a copy that can be renewed, and writes that can be waited for', async () => {
  const store = new PlayedStore()
  store.held.set('a', '1')
  define('cookieStore', store)
  define('location', { hostname: 'www.example.com' })
  const cookies = pageCookies()
  assert.ok(cookies instanceof PageCookies)
  assert.equal(cookies.size, 0)
  await cookies.reload()
  assert.equal(cookies.get('a'), '1')
  cookies.set('b', '2', { maxAge: 60 })
  assert.equal(cookies.get('b'), '2')
  assert.equal(cookies.changed, true)
  await cookies.save()
  assert.equal(cookies.changed, false)
  assert.deepEqual(
    [...store.held],
    [
      ['a', '1'],
      ['b', '2'],
    ],
  )
  assert.ok(Number(store.last?.expires) > Date.now())
  assert.equal(cookies.delete('a'), true)
  await cookies.save()
  assert.deepEqual([...store.held.keys()], ['b'])
  // Set by somebody else.
  store.held.set('c', '3')
  await cookies.reload()
  assert.equal(cookies.get('c'), '3')
})

test('in a service worker, what was read before a write does not undo it', async () => {
  const store = new PlayedStore()
  const cookies = new PageCookies(new WorkerCookies(store))
  const reloaded = cookies.reload()
  cookies.set('a', '1')
  await reloaded
  assert.equal(cookies.get('a'), '1')
  await cookies.save()
  await cookies.reload()
  assert.equal(cookies.get('a'), '1')
})

test('a CookieStore that takes and deletes nothing makes the save fail', async () => {
  const store = new PlayedStore()
  store.held.set('b', '2')
  const cookies = new PageCookies(new WorkerCookies(store))
  await cookies.reload()
  store.isDeaf = true
  cookies.set('a', '1')
  await assert.rejects(cookies.save(), UnsupportedError)
  cookies.delete('b')
  await assert.rejects(cookies.save(), /did not delete the cookie "b"/)
  await cookies.reload()
  assert.deepEqual(cookies.toObject(), { b: '2' })
})

test('a CookieStore that refuses makes the save fail, once', async () => {
  const store = new PlayedStore()
  const cookies = new PageCookies(new WorkerCookies(store))
  store.refuses = true
  cookies.set('a', '1')
  await assert.rejects(cookies.save(), TypeError)
  await cookies.save()
})

class PlayedStore {
  readonly held = new Map<string, string>()
  last: AsyncCookie | null = null
  refuses = false
  isDeaf = false

  getAll(): Promise<{ name: string; value: string }[]> {
    return Promise.resolve([...this.held].map(([name, value]) => ({ name, value })))
  }
  async set(cookie: AsyncCookie): Promise<void> {
    await Promise.resolve()
    if (this.refuses) throw new TypeError('refused')
    this.last = cookie
    if (!this.isDeaf) this.held.set(cookie.name, cookie.value)
  }
  delete({ name }: { readonly name: string }): Promise<void> {
    if (!this.isDeaf) this.held.delete(name)
    return Promise.resolve()
  }
}

/** A page whose jar never changes; the lines that are written to it. */
function page(cookie: string): string[] {
  const lines: string[] = []
  define('document', {
    get cookie() {
      return cookie
    },
    set cookie(line: string) {
      lines.push(line)
    },
  })
  define('location', { hostname: 'www.example.com', pathname: '/shop/cart' })
  define('isSecureContext', true)
  return lines
}

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true })
}
