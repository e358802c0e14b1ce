/** Checksums of the caller and digests of the server. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { test } from 'node:test'
import { download, errors } from '../../../adapters/node/index.ts'
import { openHasher } from '../../../src/download/hashing.ts'
import { platform } from '../../../adapters/node/platform.ts'
import { begin, place } from './place.ts'

test('where the runtime turns out to have no hashes, there are those of a package', async () => {
  // workerd before 2026-08-04 without nodejs_compat.
  const hasher = await openHasher({ ...platform, hash: () => null }, 'SHA-256')
  hasher?.update(new Uint8Array(3))
  const expected = createHash('sha256').update(new Uint8Array(3)).digest('hex')
  assert.equal(Buffer.from((await hasher?.digest()) ?? []).toString('hex'), expected)
  assert.equal(await openHasher({ ...platform, hash: () => null }, 'MD4'), null)
})

test('a checksum is verified, also over what an earlier call had left', async (t) => {
  const where = await place(t)
  await begin(where, 1_500_000)
  const value = createHash('sha256').update(where.server.resource.bytes).digest('hex')
  const result = await download(where.server.url, where.path, {
    checksum: { algorithm: 'SHA-256', value },
  })
  assert.deepEqual(result.checksum, { algorithm: 'SHA-256', value })
  assert.equal(result.resumedFrom, 1_500_000)
  const base64 = createHash('sha512').update(where.server.resource.bytes).digest('base64')
  const split = await download(where.server.url, where.path, {
    ...{ segments: 4, checksum: { algorithm: 'sha-512', value: base64 } },
  })
  assert.equal(split.checksum?.value, Buffer.from(base64, 'base64').toString('hex'))
})

test('a wrong checksum leaves nothing, neither whole nor part', async (t) => {
  const { server, folder, path } = await place(t)
  const checksum = { algorithm: 'SHA-256', value: '00'.repeat(32) }
  await assert.rejects(download(server.url, path, { checksum }), { code: 'CHECKSUM_MISMATCH' })
  assert.deepEqual(await readdir(folder), [])
})

test('an algorithm that is demanded and unknown sends nothing', async (t) => {
  const { server, path } = await place(t)
  const checksum = { algorithm: 'CRC-9', value: '00' }
  await assert.rejects(download(server.url, path, { checksum }), errors.UnsupportedError)
  assert.equal(server.requests.length, 0)
})

test('Repr-Digest is verified when it is sent, and may be required', async (t) => {
  const { server, folder, path } = await place(t)
  const good = createHash('sha256').update(server.resource.bytes).digest('base64')
  server.extra = { 'Repr-Digest': `unixsum=:AAA=:, sha-256=:${good}:` }
  const result = await download(server.url, path, { digest: 'require' })
  assert.equal(result.checksum?.value, Buffer.from(good, 'base64').toString('hex'))
  await rm(path)
  server.extra = { 'Repr-Digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` }
  await assert.rejects(download(server.url, path), { code: 'CHECKSUM_MISMATCH' })
  server.extra = { 'Repr-Digest': 'md5=:AAA=:' }
  await assert.rejects(download(server.url, path, { digest: 'require' }), {
    code: 'DIGEST_MISSING',
  })
  assert.deepEqual(await readdir(folder), [])
})
