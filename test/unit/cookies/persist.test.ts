/** Jars that are stored and shared: merging, deletions, writers at one time, and files. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { cookieFile } from '../../../adapters/node/cookie-file.ts'
import { cookieStorage } from '../../../adapters/workerd/cookie-storage.ts'
import { openCookieJar } from '../../../src/cookies/persist.ts'
import type { CookieStorage } from '../../../src/cookies/persist.ts'
import { binary } from '../../harness/binary.ts'

const HOME = new URL('https://www.example.com/')
const folder = mkdtempSync(join(tmpdir(), 'ubiquest-jar-'))
after(() => {
  rmSync(folder, { recursive: true })
})

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

test('a jar is a JSON file, readable by its owner alone, with nothing left beside it', async () => {
  const file = join(folder, 'jar.json')
  const jar = await openCookieJar(cookieFile(pathToFileURL(file)))
  await jar.setCookie('a=1; SameSite=Strict', HOME)
  await jar.close()
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['jar.json'])
  assert.equal((await openCookieJar(cookieFile(file))).get('a'), '1')
})

test('a jar is a cookies.txt when its name ends so', async () => {
  const file = join(folder, 'cookies.txt')
  writeFileSync(file, '# Netscape HTTP Cookie File\nwww.example.com\tFALSE\t/\tFALSE\t0\told\t1\n')
  const jar = await openCookieJar(cookieFile(file))
  assert.equal(jar.header(HOME), 'old=1')
  await jar.setCookie('new=2; SameSite=Strict', HOME)
  await jar.save()
  assert.match(readFileSync(file, 'utf8'), /\tnew\t2\n$/)
  // Another program takes one away, changes none and adds one.
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.includes('\told\t'))
  writeFileSync(file, `${lines.join('\n')}www.example.com\tFALSE\t/\tFALSE\t0\ttheirs\t3\n`)
  await jar.setCookie('mine=4', HOME)
  await jar.save()
  assert.equal(jar.header(HOME), 'new=2; mine=4; theirs=3')
  assert.equal([...jar][0]?.sameSite, 'strict')
})

test('a lock left behind by a process that died is broken', async () => {
  const file = join(folder, 'locked.json')
  const long = new Date(Date.now() - 60_000)
  writeFileSync(`${file}.lock`, '')
  utimesSync(`${file}.lock`, long, long)
  const jar = await openCookieJar(cookieFile(file))
  await jar.setCookie('a=1', HOME)
  await jar.save()
  assert.equal((await openCookieJar(cookieFile(file))).get('a'), '1')
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('lock')),
    ['locked.json'],
  )
})

test('processes of three runtimes that write at one time lose nothing', async () => {
  const file = join(folder, 'shared.json')
  const script = join(folder, 'writer.mjs')
  await build({
    stdin: {
      contents: `
        import { cookieFile } from './adapters/node/cookie-file.ts'
        import { openCookieJar } from './src/cookies/persist.ts'
        const [, , file, name] = process.argv
        const jar = await openCookieJar(cookieFile(file))
        for (let number = 0; number < 25; number += 1) {
          await jar.setCookie(name + number + '=1', new URL('https://www.example.com/'))
          await jar.save()
        }`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  })
  await Promise.all([
    run(process.execPath, [script, file, 'a']),
    run(process.execPath, [script, file, 'b']),
    run(await binary('deno'), ['run', '--quiet', '-A', script, file, 'c']),
    run(await binary('bun'), [script, file, 'd']),
  ])
  assert.equal((await openCookieJar(cookieFile(file))).size, 100)
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

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { stdio: 'inherit' })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`exit code ${String(code)}`))
    })
  })
}
