/** Servers that break off, lie, fall silent and change; clocks that are set. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { download } from '../../adapters/node/index.ts'
import { pattern } from '../harness/pattern.ts'
import { check, FAST, place, randomOf } from './place.ts'

const SIZE = 4 * 1024 * 1024
const STEP = 64 * 1024

test('cut at every 64 KiB of a file of 4 MiB in turn', async (t) => {
  const { server, folder, path } = await place(t, SIZE)
  for (let at = STEP; at < SIZE; at += STEP) {
    for (const segments of [1, 4]) {
      server.cutAt = [at]
      const result = await download(server.url, path, { ...FAST, segments })
      assert.equal(await check(path, server.resource.bytes), 'whole')
      assert.deepEqual([result.bytes, result.restarts], [SIZE, []])
    }
  }
  assert.deepEqual(await readdir(folder), ['file.bin'])
})

test('cut at all of them in one download', async (t) => {
  const { server, path } = await place(t, SIZE)
  server.cutAt = Array.from({ length: SIZE / STEP - 1 }, (_, at) => (at + 1) * STEP)
  const result = await download(server.url, path, FAST)
  assert.equal(await check(path, server.resource.bytes), 'whole')
  assert.equal(result.restarts.length, 0)
})

test('a resource that changes while it is fetched comes in one version or not at all', async (t) => {
  const { server, path } = await place(t, SIZE)
  const random = randomOf(3)
  let outcomes = 0
  for (let run = 0; run < 60; run++) {
    let version = 0
    server.intercept = (): boolean => {
      if (random() < 0.4) {
        version++
        const bytes = SIZE + Math.floor(random() * 3) * 1000
        server.resource.bytes = pattern(version, 0, bytes)
        server.resource.etag = `"run${String(run)}-v${String(version)}"`
      }
      // Short now and then, so that there is something to go on with.
      server.cutAt = random() < 0.6 ? [Math.ceil(random() * SIZE)] : []
      return false
    }
    const options = { ...FAST, segments: run % 2 === 0 ? 1 : 3 }
    try {
      const result = await download(server.url, path, options)
      const [, seed = '0'] = /v(\d+)"$/.exec(result.etag ?? '') ?? []
      assert.equal(await check(path, pattern(seedOf(seed), 0, result.bytes)), 'whole')
      outcomes++
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'RESTARTED_TOO_OFTEN')
    }
  }
  assert.ok(outcomes > 30)
})

/** The first version, which has no number of a run, is the server's own. */
function seedOf(text: string): number {
  return Number(text)
}

test('lying 206s of every kind, at random, end in the right bytes or an error', async (t) => {
  const { server, folder, path } = await place(t, SIZE)
  const random = randomOf(11)
  const lies: ((start: number) => Record<string, string>)[] = [
    (start) => ({
      'Content-Range': `bytes ${String(start + 1)}-${String(SIZE - 1)}/${String(SIZE)}`,
    }),
    (start) => ({
      'Content-Range': `bytes ${String(start)}-${String(SIZE - 1)}/${String(SIZE + 5)}`,
    }),
    (start) => ({ 'Content-Range': `bytes ${String(start)}-${String(SIZE - 2)}/*`, ETag: '"no"' }),
    () => ({}),
    () => ({ 'Content-Type': 'multipart/byteranges; boundary=x' }),
    (start) => ({ 'Content-Range': `bytes ${String(start)}-${String(start)}/${String(SIZE)}` }),
  ]
  let failures = 0
  for (let run = 0; run < 60; run++) {
    server.cutAt = [Math.ceil(random() * SIZE)]
    server.intercept = (request, response): boolean => {
      const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      if (start === 0 || random() < 0.5) return false
      const lie = lies[Math.floor(random() * lies.length)]
      response.writeHead(206, { ETag: '"v1"', ...lie?.(start) })
      response.end(Buffer.alloc(1000, 'x'))
      return true
    }
    const outcome = await download(server.url, path, { ...FAST, segments: 1 + (run % 3) }).then(
      () => null,
      (error: unknown) => error as { code?: string },
    )
    if (outcome !== null) failures++
    await check(path, server.resource.bytes)
  }
  t.diagnostic(`${String(failures)} of 60 ended with an error`)
  assert.equal((await readdir(folder)).filter((name) => name.includes('lock')).length, 0)
})

test('a server that falls silent is left and asked again', async (t) => {
  const { server, path } = await place(t, SIZE)
  let silences = 3
  server.intercept = (request, response): boolean => {
    if (silences-- <= 0) return false
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const range = `bytes ${String(start)}-${String(SIZE - 1)}/${String(SIZE)}`
    response.writeHead(start === 0 ? 200 : 206, {
      ...(start === 0 ? {} : { 'Content-Range': range }),
      ETag: '"v1"',
      'Content-Length': String(SIZE - start),
    })
    response.write(server.resource.bytes.subarray(start, start + 200_000))
    return true
  }
  const result = await download(server.url, path, { ...FAST, timeout: { read: 150 } })
  assert.equal(await check(path, server.resource.bytes), 'whole')
  assert.deepEqual(result.restarts, [])
  assert.equal(server.requests.length, 4)
})

test('a clock that is set forth and back changes nothing', async (t) => {
  const { server, path } = await place(t, SIZE)
  const real = Date.now
  const random = randomOf(5)
  t.after(() => {
    Date.now = real
  })
  Date.now = (): number => real() + Math.floor((random() - 0.5) * 1e10)
  for (let run = 0; run < 10; run++) {
    server.cutAt = [500_000, 1_000_000, 3_000_000]
    const result = await download(server.url, path, { ...FAST, segments: 1 + (run % 2) })
    assert.equal(await check(path, server.resource.bytes), 'whole')
    assert.deepEqual(result.restarts, [])
  }
})
