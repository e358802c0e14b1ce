/** Options of a download that every one of its requests is sent with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { download } from '../../../adapters/node/index.ts'
import { FAST, holds, place } from './place.ts'

test('headers and params that iterate but once go with every request', async (t) => {
  const { server, path } = await place(t)
  server.cutAt = [1_000_000]
  const targets: unknown[] = []
  server.intercept = ({ url, headers }) => {
    targets.push([url, headers['x-key']])
    return false
  }
  await download(server.url, path, {
    ...FAST,
    headers: new Map([['X-Key', '1']]).entries(),
    params: new Map([['key', '2']]).entries(),
  })
  await holds(path, server.resource.bytes)
  const each = ['/file.bin?key=2', '1']
  assert.deepEqual(targets, [each, each])
})
