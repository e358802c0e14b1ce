/** What a download promises, over servers that keep or break theirs. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { download, errors } from '../../../adapters/node/index.ts'
import { pattern } from '../../harness/pattern.ts'
import { begin, FAST, holds, place, SIZE } from './place.ts'

test('a file comes whole, under its name and with nothing beside it', async (t) => {
  const { server, folder, path } = await place(t)
  const result = await download(server.url, path)
  await holds(path, server.resource.bytes)
  const { elapsed, ...rest } = result
  assert.ok(elapsed > 0)
  assert.deepEqual(rest, {
    ...{ path, bytes: SIZE, resumedFrom: 0, segments: 1 },
    ...{ etag: '"v1"', checksum: null, restarts: [] },
  })
  assert.deepEqual(await readdir(folder), ['file.bin'])
  assert.equal(server.requests[0]?.['accept-encoding'], 'identity')
})

test('an empty file is a file', async (t) => {
  const { server, path } = await place(t, 0)
  for (const segments of [1, 3]) {
    assert.equal((await download(server.url, path, { segments })).bytes, 0)
    await holds(path, new Uint8Array(0))
  }
})

test('a body that breaks off is gone on with where it stopped', async (t) => {
  const { server, path } = await place(t)
  server.cutAt = [1_000_000, 2_000_000, 3_000_000]
  const result = await download(server.url, path, FAST)
  await holds(path, server.resource.bytes)
  assert.deepEqual(result.restarts, [])
  assert.deepEqual(
    server.requests.slice(1).map(({ range, 'if-range': validator }) => [range, validator]),
    [1_000_000, 2_000_000, 3_000_000].map((at) => [`bytes=${String(at)}-`, '"v1"']),
  )
})

test('a later call resumes what an aborted one has left', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  assert.deepEqual((await readdir(where.folder)).sort(), ['file.bin.part', 'file.bin.part.json'])
  const result = await download(where.server.url, where.path)
  assert.equal(result.resumedFrom, 1_500_000)
  assert.equal(where.server.requests[0]?.range, 'bytes=1500000-')
  await holds(where.path, where.server.resource.bytes)
})

test('a resource that has changed is fetched anew', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  where.server.resource.bytes = pattern(2, 0, SIZE)
  where.server.resource.etag = '"v2"'
  const result = await download(where.server.url, where.path)
  assert.equal(result.resumedFrom, 0)
  assert.deepEqual(result.restarts, ['the resource has changed'])
  assert.equal(result.etag, '"v2"')
  await holds(where.path, where.server.resource.bytes)
})

test('bytes that were damaged on disk are noticed', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  const part = await readFile(`${where.path}.part`)
  part[700_000] = (part[700_000] ?? 0) ^ 1
  await writeFile(`${where.path}.part`, part)
  assert.equal((await download(where.server.url, where.path)).resumedFrom, 0)
  await holds(where.path, where.server.resource.bytes)
})

test('a damaged record, and the part of another program, are set aside', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  await writeFile(`${where.path}.part.json`, '{}')
  assert.equal((await download(where.server.url, where.path)).resumedFrom, 0)
  await holds(where.path, where.server.resource.bytes)
  await writeFile(`${where.path}.part`, 'of a browser')
  await download(where.server.url, where.path)
  const names = await readdir(where.folder)
  assert.equal(names.filter((name) => /\.part(\.json)?\.aside-/.test(name)).length, 3)
  assert.equal(names.length, 4)
})

test('a link under the name of the part is not followed', async (t) => {
  const { server, folder, path } = await place(t)
  const secret = join(folder, 'secret')
  await writeFile(secret, 'as it was')
  await symlink(secret, `${path}.part`)
  await download(server.url, path)
  assert.equal(await readFile(secret, 'utf8'), 'as it was')
  await holds(path, server.resource.bytes)
})

test('without a validator, or with a weak one, nothing is appended', async (t) => {
  for (const etag of [null, 'W/"v1"']) {
    const { server, folder, path } = await place(t)
    server.resource.etag = etag
    server.resource.lastModified = 'Tue, 03 Feb 2026 04:05:06 GMT'
    server.extra = { Date: 'Tue, 03 Feb 2026 04:05:06 GMT' }
    server.cutAt = [1_000_000]
    const result = await download(server.url, path, FAST)
    await holds(path, server.resource.bytes)
    assert.equal(result.restarts.length, 1)
    assert.ok(server.requests.every(({ range }) => range === undefined))
    assert.deepEqual(await readdir(folder), ['file.bin'])
  }
})

test('a date is a validator when it is older than the answer and there is no tag', async (t) => {
  const { server, path } = await place(t)
  server.resource.etag = null
  server.resource.lastModified = 'Tue, 03 Feb 2026 04:05:06 GMT'
  server.cutAt = [1_000_000]
  const result = await download(server.url, path, FAST)
  assert.deepEqual(result.restarts, [])
  assert.equal(server.requests[1]?.['if-range'], 'Tue, 03 Feb 2026 04:05:06 GMT')
  await holds(path, server.resource.bytes)
})

test('several segments fetch at once, and each goes on where it stopped', async (t) => {
  const { server, path } = await place(t, 16 * 1024 * 1024)
  server.cutAt = [1_000_000, 9_000_000, 13_000_000]
  const result = await download(server.url, path, { ...FAST, segments: 4 })
  await holds(path, server.resource.bytes)
  assert.equal(result.segments, 4)
  assert.deepEqual(result.restarts, [])
})

test('segments fall back to one where the server does not do ranges', async (t) => {
  const { server, path } = await place(t)
  server.intercept = (request): boolean => {
    delete request.headers.range
    return false
  }
  const result = await download(server.url, path, { segments: 4 })
  await holds(path, server.resource.bytes)
  assert.equal(result.segments, 1)
})

test('the second of two downloads to one target is told, or waits', async (t) => {
  const { server, folder, path } = await place(t)
  let release = (): void => undefined
  server.intercept = (_request, response): boolean => {
    server.intercept = null
    response.writeHead(200, { 'Content-Length': '4', ETag: '"x"' })
    response.write('ab')
    release = (): void => void response.end('cd')
    return true
  }
  const first = download(server.url, path)
  while (!(await readdir(folder)).includes('file.bin.part')) await new Promise(setImmediate)
  await assert.rejects(download(server.url, path), { code: 'FILE_LOCKED' })
  const waiting = download(server.url, path, { onLocked: 'wait' })
  release()
  assert.equal((await first).bytes, 4)
  assert.equal((await waiting).bytes, SIZE)
})

test('a signed URL that has expired is refreshed, and the rest is fetched from there', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  const { server, path } = where
  server.intercept = (request, response): boolean => {
    if (request.url?.includes('signature=new') === true) return false
    response.writeHead(403).end('expired')
    return true
  }
  const events: unknown[] = []
  const result = await download(server.url, path, {
    refresh: (event) => {
      events.push(event)
      return `${server.url}?signature=new`
    },
  })
  assert.equal(result.resumedFrom, 1_500_000)
  assert.deepEqual(events, [{ status: 403, url: server.url }])
  await holds(path, server.resource.bytes)
})

test('a status that is no download is an HTTPError, and what there is stays', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  where.server.intercept = (_request, response): boolean => {
    response.writeHead(404).end()
    return true
  }
  await assert.rejects(download(where.server.url, where.path), errors.HTTPError)
  where.server.intercept = null
  assert.equal((await download(where.server.url, where.path)).resumedFrom, 1_500_000)
})

test('transient statuses are repeated, and the last one is the error', async (t) => {
  const { server, folder, path } = await place(t)
  let busy = 3
  server.intercept = (_request, response): boolean => {
    if (busy-- <= 0) return false
    response.writeHead(503).end()
    return true
  }
  assert.equal((await download(server.url, path, FAST)).bytes, SIZE)
  busy = Infinity
  await assert.rejects(download(server.url, path, { ...FAST, retries: 2 }), errors.HTTPError)
  assert.deepEqual(await readdir(folder), ['file.bin'])
})

test('a directory takes the name that the server gives, made harmless and not replacing', async (t) => {
  const { server, folder } = await place(t, 1000)
  server.extra = { 'Content-Disposition': 'attachment; filename="../../.evil\\con.txt"' }
  const first = await download(server.url, folder)
  assert.equal(first.path, join(folder, '_con.txt'))
  const second = await download(server.url, folder)
  assert.equal(second.path, join(folder, '_con (1).txt'))
  const named = await download(server.url, folder, { filename: 'mine.bin' })
  assert.equal(named.path, join(folder, 'mine.bin'))
})

test('a part that was complete is asked about before it is taken', async (t) => {
  const where = await place(t)
  const { server, path } = where
  const checksum = { algorithm: 'SHA-256', value: '00'.repeat(32) }
  server.cutAt = [SIZE - 1]
  await begin(where, SIZE - 1)
  assert.equal((await download(server.url, path)).resumedFrom, SIZE - 1)
  await rm(path)
  await assert.rejects(download(server.url, path, { checksum }))
})

test('a rate is kept to, and progress is told', async (t) => {
  const { server, path } = await place(t, 400_000)
  const seen: number[] = []
  const started = performance.now()
  const result = await download(server.url, path, {
    maxRate: 1_000_000,
    onProgress: ({ transferred, total, rate }) => {
      seen.push(transferred)
      assert.equal(total, 400_000)
      assert.ok(rate >= 0)
    },
  })
  assert.ok(performance.now() - started > 250)
  assert.equal(result.bytes, seen.at(-1))
  assert.ok(seen.length > 2)
})

test('a paused download stands still until it is resumed', async (t) => {
  const { server, path } = await place(t)
  const job = download(server.url, path)
  job.pause()
  assert.equal(job.paused, true)
  const first = await Promise.race([job.then(() => 'done'), afterTurns(50)])
  assert.equal(first, 'waited')
  assert.equal(server.requests.length, 0)
  job.resume()
  assert.equal((await job).bytes, SIZE)
})

test('a sink takes the bytes in order; a function makes one anew when it has to', async (t) => {
  const { server } = await place(t)
  server.resource.etag = null
  server.cutAt = [1_000_000]
  const sinks: Uint8Array[][] = []
  const makeSink = (): Parameters<typeof download>[1] => ({
    write: async (bytes) => void sinks.at(-1)?.push(bytes),
    commit: async () => 'kept',
    discard: async () => undefined,
  })
  const result = await download(
    server.url,
    () => {
      sinks.push([])
      return makeSink() as never
    },
    FAST,
  )
  assert.equal(result.path, 'kept')
  assert.equal(sinks.length, 2)
  assert.equal(Buffer.compare(Buffer.concat(sinks.at(-1) ?? []), server.resource.bytes), 0)
})

test('a stream is aborted also when a download fails before its first byte', async (t) => {
  const { server } = await place(t)
  server.intercept = (_, response) => response.writeHead(404).end() !== null
  let aborts = 0
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({ abort: () => void (aborts += 1) })
  await assert.rejects(download(server.url, stream), { name: 'HTTPError' })
  assert.equal(aborts, 1)
})

async function afterTurns(turns: number): Promise<string> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
  return 'waited'
}
