/** `timeout.total` of a download is about all of its requests together. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { download, errors, Session } from '../../../adapters/node/index.ts'
import { FAST, holds, place } from './place.ts'

test('timeout.total ends a download whose requests go on, and the part is kept', async (t) => {
  const { server, folder, path } = await place(t)
  // Each request brings a little, so that none is a failure without progress.
  server.cutAt = Array.from({ length: 40 }, (_, at) => (at + 1) * 100_000)
  const options = { ...FAST, timeout: { total: 400 }, maxRate: 2_000_000 }
  const failure: unknown = await download(server.url, path, options).catch(
    (error: unknown) => error,
  )
  assert.ok(failure instanceof errors.TotalTimeoutError)
  assert.match(failure.message, /^The download of http:.* longer than 400 milliseconds in all/)
  assert.ok(server.requests.length > 1)
  assert.deepEqual((await readdir(folder)).sort(), ['file.bin.part', 'file.bin.part.json'])
  server.cutAt = []
  const { resumedFrom } = await download(server.url, path)
  assert.ok(resumedFrom > 100_000)
  await holds(path, server.resource.bytes)
})

test('timeout.total runs while a download is paused', async (t) => {
  const { server, path } = await place(t)
  const job = download(server.url, path, { timeout: { total: 50 } })
  job.pause()
  await assert.rejects(job, { name: 'TotalTimeoutError' })
})

test("timeout.total of a session is that of a download, and the caller's signal still ends it", async (t) => {
  const { server, path } = await place(t)
  server.intercept = () => true
  await using session = new Session({ timeout: { total: 50 } })
  await assert.rejects(download(server.url, path, { session }), { name: 'TotalTimeoutError' })
  const controller = new AbortController()
  server.intercept = () => {
    controller.abort(new Error('enough'))
    return true
  }
  const options = { signal: controller.signal, timeout: { total: 60_000 } }
  await assert.rejects(download(server.url, path, options), { message: 'enough' })
})

test('a download within timeout.total is as any other, and leaves no clock running', async (t) => {
  const { server, path } = await place(t)
  const { bytes } = await download(server.url, path, { timeout: { total: 60_000 } })
  assert.equal(bytes, server.resource.bytes.length)
  await holds(path, server.resource.bytes)
})
