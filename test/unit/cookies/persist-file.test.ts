/** Jars in files: what is written, by how many, and what is left by those who die. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { cookieFile } from '../../../adapters/node/cookie-file.ts'
import { openCookieJar } from '../../../src/cookies/persist.ts'
import { binary } from '../../harness/binary.ts'

const HOME = new URL('https://www.example.com/')
const folder = mkdtempSync(join(tmpdir(), 'ubiquest-jar-'))
after(() => {
  rmSync(folder, { recursive: true })
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

test('what a process that was killed leaves behind is cleared away', async () => {
  const file = join(folder, 'locked.json')
  const dead = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => dead.on('exit', resolve))
  const holder = { token: 'gone', pid: dead.pid, host: hostname() }
  writeFileSync(`${file}.lock`, JSON.stringify(holder))
  writeFileSync(`${file}.0123456789abcdef.part`, '{"cookies": [')
  writeFileSync(`${file}.mine.part`, 'no part of a jar')
  const jar = await openCookieJar(cookieFile(file))
  await jar.setCookie('a=1', HOME)
  await jar.save()
  assert.equal((await openCookieJar(cookieFile(file))).get('a'), '1')
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('locked')),
    ['locked.json', 'locked.json.mine.part'],
  )
})

test('a process that is killed while it saves leaves a whole jar and a lock that goes', async () => {
  const file = join(folder, 'killed.json')
  const script = await bundledWriter('killed.mjs')
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, [script, file, `k${String(round)}-`, '1000000'])
    const ended = new Promise((resolve) => child.on('exit', resolve))
    await Promise.race([ended, once(child.stdout, 'data')])
    child.kill('SIGKILL')
    await ended
    const jar = await openCookieJar(cookieFile(file))
    assert.ok(jar.size > 0)
    jar.set(`after${String(round)}`, '1', { domain: 'www.example.com' })
    await jar.save()
  }
  assert.equal((await openCookieJar(cookieFile(file))).get('after3'), '1')
})

test('processes of three runtimes that write at one time lose nothing', async () => {
  const file = join(folder, 'shared.json')
  const script = await bundledWriter('writer.mjs')
  await Promise.all([
    run(process.execPath, [script, file, 'a', '25']),
    run(process.execPath, [script, file, 'b', '25']),
    run(await binary('deno'), ['run', '--quiet', '-A', script, file, 'c', '25']),
    run(await binary('bun'), [script, file, 'd', '25']),
  ])
  assert.equal((await openCookieJar(cookieFile(file))).size, 100)
})

/** Sets and saves cookies one by one, and tells of each: file, first letters of the names, count. */
async function bundledWriter(name: string): Promise<string> {
  const script = join(folder, name)
  await build({
    stdin: {
      contents: `
        import { cookieFile } from './adapters/node/cookie-file.ts'
        import { openCookieJar } from './src/cookies/persist.ts'
        const [, , file, name, count] = process.argv
        const jar = await openCookieJar(cookieFile(file))
        for (let number = 0; number < Number(count); number += 1) {
          await jar.setCookie(name + (number % 100) + '=1', new URL('https://www.example.com/'))
          await jar.save()
          console.log(number)
        }`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  })
  return script
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`exit code ${String(code)}`))
    })
  })
}
