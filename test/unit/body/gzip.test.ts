/** A body that is compressed on its way out: what it gives, when it stops, how it fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { compressedSource } from '../../../src/body/compressed.ts'
import { bytesSource } from '../../../src/body/source.ts'
import { streamSource } from '../../../src/body/stream-source.ts'
import { pumpBody } from '../../../src/body/pump.ts'
import type { OpenBody } from '../../../src/ports.ts'

async function readAll(body: OpenBody): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of pumpBody(body)) chunks.push(chunk)
  await body.close()
  return Buffer.concat(chunks)
}

test('bytes at hand keep a length, and can be sent again', async () => {
  const text = Buffer.from('again and again '.repeat(5000))
  const source = compressedSource(bytesSource(text))
  assert.equal(source.replayable, true)
  for (let attempt = 0; attempt < 2; attempt++) {
    const body = await source.open()
    const bytes = await readAll(body)
    assert.equal(body.length, bytes.length)
    assert.ok(gunzipSync(bytes).equals(text))
  }
})

test('a stream has no length, and is pulled no faster than it is read', async () => {
  let pulled = 0
  const random = crypto.getRandomValues(new Uint8Array(65_536))
  const source = compressedSource(
    streamSource(
      (async function* () {
        for (; pulled < 200; pulled++) yield await Promise.resolve(random)
      })(),
    ),
  )
  assert.equal(source.replayable, false)
  const body = await source.open()
  assert.equal(body.length, null)
  const pump = pumpBody(body)
  await pump.next()
  // Every turn of the event loop could pull: nobody reads, so the compressor is full soon.
  for (let turn = 0; turn < 300; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(pulled < 20, `${String(pulled)} chunks`)
  await pump.return()
  await body.close()
})

test('an error of the source is the error of the body, whatever it is', async () => {
  for (const problem of [new Error('the disk is on fire'), undefined, 'text']) {
    const source = compressedSource(
      streamSource(
        (async function* () {
          yield await Promise.resolve('some')
          throw problem
        })(),
      ),
    )
    const thrown = await readAll(await source.open()).then(
      () => 'nothing',
      (error: unknown) => error,
    )
    assert.equal(thrown, problem)
  }
})

test('closing it before its end closes the source', async () => {
  let closed = false
  const source = compressedSource(
    streamSource(
      (async function* () {
        try {
          for (;;) yield await Promise.resolve(new Uint8Array(100_000))
        } finally {
          closed = true
        }
      })(),
    ),
  )
  const body = await source.open()
  const pump = pumpBody(body)
  await pump.next()
  await body.close(new Error('enough'))
  await assert.rejects(async () => {
    while ((await pump.next()).done !== true);
  }, /enough/)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(closed, true)
})
