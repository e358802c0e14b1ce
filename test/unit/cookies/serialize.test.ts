/** Jars as text: our JSON, tough-cookie's, and the cookies.txt of curl and Python. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CookieJar as ToughJar } from 'tough-cookie'
import { loadPublicSuffixes } from '../../../adapters/public-suffixes.ts'
import { CookieJar } from '../../../src/cookies/jar.ts'

const HOME = new URL('https://www.example.com/x/y')

test('every flag survives our JSON', async () => {
  const jar = await fullJar()
  const copy = CookieJar.fromJSON(JSON.stringify(jar))
  assert.deepEqual([...copy], [...jar])
  assert.deepEqual(copy.toJSON(), jar.toJSON())
  assert.equal(jar.toJSON().version, 1)
})

test('the host-only flag is never lost on the way', async () => {
  const jar = new CookieJar()
  await jar.setCookie('a=1', new URL('https://example.com/'))
  const below = new URL('https://x.example.com/')
  assert.equal(CookieJar.fromJSON(JSON.stringify(jar)).header(below), null)
  assert.equal(CookieJar.fromNetscape(jar.toNetscape()).header(below), null)
})

test('what is no jar is refused without quoting it', () => {
  for (const text of ['secret', '{"secret": 1}', '[]', 'null', '"x"', '{"cookies": []}']) {
    assert.throws(
      () => CookieJar.fromJSON(text),
      (error: unknown) =>
        error instanceof TypeError && !error.message.includes('secret') && !error.cause,
      text,
    )
  }
  const later = { ...new CookieJar().toJSON(), version: 2 }
  assert.throws(() => CookieJar.fromJSON(later), /unknown version 2/)
})

test('what no jar would have taken does not get in by a file', () => {
  const good = { name: 'a', value: '1', domain: 'example.com', path: '/', expires: null }
  const bad = [
    null,
    'a=1',
    { ...good, name: 1 },
    { ...good, name: 'a;b' },
    { ...good, name: 'a=b' },
    { ...good, value: 'x\r\ny' },
    { ...good, value: 'x;y' },
    { ...good, path: 'x' },
    { ...good, path: '/\n' },
    { ...good, domain: 'EXAMPLE.com' },
    { ...good, domain: 'a b' },
    { ...good, name: '', value: '' },
    { ...good, name: '__Host-a' },
    { ...good, name: '__host-a', secure: true, hostOnly: false },
    { ...good, value: 'x'.repeat(5000) },
    Object.create(good) as unknown,
  ]
  const jar = CookieJar.fromJSON({ ...new CookieJar().toJSON(), cookies: [...bad, good] })
  assert.deepEqual(
    [...jar].map(({ name, value, hostOnly }) => ({ name, value, hostOnly })),
    [{ name: 'a', value: '1', hostOnly: true }],
  )
})

test('jars come from tough-cookie and go there', async () => {
  const tough = new ToughJar(undefined, { looseMode: true })
  const lines = [
    'a=1; Max-Age=60; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/',
    'b=2; Domain=example.com; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Path=/',
    'c=3',
    'nameless',
  ]
  for (const line of lines) tough.setCookieSync(line, HOME.href)
  tough.setCookieSync('d=4', 'http://[::1]/')
  const ours = CookieJar.fromJSON(JSON.stringify(tough))
  assert.equal(ours.header(HOME), tough.getCookieStringSync(HOME.href))
  assert.equal(ours.header(new URL('http://[::1]/')), 'd=4')
  const [first] = [...ours]
  assert.ok(first?.partitioned === true && first.httpOnly && first.sameSite === 'lax')
  assert.ok(first.expires !== null && first.expires <= Date.now() + 60_000)
  const back = ToughJar.fromJSON(JSON.stringify(ours.toToughJSON()))
  assert.equal(back.getCookieStringSync(HOME.href), tough.getCookieStringSync(HOME.href))
  assert.equal(back.getCookieStringSync('http://[::1]/'), 'd=4')
})

test('cookies.txt keeps what the format can hold', async () => {
  const jar = await fullJar()
  jar.set('unscoped', '1')
  await jar.setCookie('tab=a\tb', HOME)
  const copy = CookieJar.fromNetscape(jar.toNetscape())
  assert.equal(copy.header(HOME), 'deep=6; session=1; domain=2; all=3; empty=; quote="x y"')
  assert.equal(copy.get('unscoped'), undefined)
  const all = [...copy].find((cookie) => cookie.name === 'all')
  assert.equal(all?.secure && all.httpOnly && all.hostOnly, true)
})

test('lines of cookies.txt that are none are passed over', () => {
  const text = [
    '# Netscape HTTP Cookie File',
    '',
    '# a comment',
    'example.com\tFALSE\t/\tFALSE\t0\ta\t1',
    'example.com\tFALSE\t/\tFALSE\t\tb\t2',
    'example.com\tFALSE\t/\tFALSE\t0\tc',
    'example.com FALSE / FALSE 0 d 4',
    'example.com\tFALSE\t/\tFALSE\tsoon\te\t5',
    '.\tTRUE\t/\tFALSE\t0\tf\t6',
    '\tTRUE\t/\tFALSE\t0\tg\t7',
    'example.com\tFALSE\tx\tFALSE\t0\th\t8',
    'example.com\tFALSE\t/\tFALSE\t1\texpired\t9',
    '#HttpOnly_.EXAMPLE.com\tTRUE\t/\ttrue\t99999999999\ti\t10\r',
    '',
  ]
  const jar = CookieJar.fromNetscape(text.join('\n'))
  assert.equal(jar.header(new URL('https://example.com/')), 'a=1; b=2; c=; i=10')
  assert.equal(jar.header(new URL('http://x.example.com/')), null)
  const last = [...jar].at(-1)
  // The cap of 400 days holds for files, too.
  assert.ok(typeof last?.expires === 'number' && last.expires < Date.now() + 401 * 86_400_000)
})

test('curl reads our cookies.txt, and we read its', { skip: !hasCommand('curl') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ubiquest-cookies-'))
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.cookie)
    response.setHeader('set-cookie', ['new=1; Path=/; HttpOnly', 'kept=2; Max-Age=60; Path=/'])
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const url = new URL(`http://127.0.0.1:${String(address.port)}/x`)
    const jar = new CookieJar()
    await jar.setCookie('a=1; Path=/', url)
    await jar.setCookie('b=2; Path=/; Max-Age=60; HttpOnly', url)
    const file = join(folder, 'cookies.txt')
    writeFileSync(file, jar.toNetscape())
    await runCurl(['--noproxy', '*', '-sS', '-b', file, '-c', file, url.href])
    assert.deepEqual(seen[0]?.split('; ').sort(), ['a=1', 'b=2'])
    const back = CookieJar.fromNetscape(readFileSync(file, 'utf8'))
    assert.deepEqual(
      [...back].map(({ name, value, httpOnly }) => `${name}=${value}${httpOnly ? '!' : ''}`).sort(),
      ['a=1', 'b=2!', 'kept=2', 'new=1!'],
    )
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})

test(
  'Python reads our cookies.txt, and we read its',
  { skip: !hasCommand('python3') },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ubiquest-cookies-'))
    try {
      const file = join(folder, 'cookies.txt')
      const jar = await fullJar()
      writeFileSync(file, jar.toNetscape())
      const script = `
import sys
from http.cookiejar import MozillaCookieJar
jar = MozillaCookieJar(sys.argv[1])
jar.load(ignore_discard=True, ignore_expires=True)
print(sorted(c.name for c in jar))
jar.save(ignore_discard=True, ignore_expires=True)
`
      const names = execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })
      assert.equal(names.trim(), "['all', 'deep', 'domain', 'empty', 'quote', 'session']")
      const back = CookieJar.fromNetscape(readFileSync(file, 'utf8'))
      const sorted = (header: string | null): string[] | undefined => header?.split('; ').sort()
      assert.deepEqual(
        sorted(back.header(HOME)),
        sorted('session=1; domain=2; all=3; empty=; quote="x y"; deep=6'),
      )
      assert.equal(back.header(new URL('https://example.com/')), 'domain=2')
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

async function fullJar(): Promise<CookieJar> {
  const jar = new CookieJar({ publicSuffix: loadPublicSuffixes })
  await jar.setCookie('session=1; Path=/', HOME)
  await jar.setCookie('domain=2; Path=/; Domain=example.com; SameSite=Strict', HOME)
  await jar.setCookie(
    'all=3; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=3600',
    HOME,
  )
  await jar.setCookie('empty=; Path=/', HOME)
  await jar.setCookie('quote="x y"; Path=/', HOME)
  await jar.setCookie('deep=6', HOME)
  return jar
}

function hasCommand(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0
}

/** Not `execFileSync`, which would keep the server in this process from answering. */
async function runCurl(args: readonly string[]): Promise<void> {
  const { execFile } = await import('node:child_process')
  await new Promise<void>((resolve, reject) => {
    execFile('curl', [...args], (error) => {
      if (error === null) resolve()
      else reject(new Error('curl failed', { cause: error }))
    })
  })
}
