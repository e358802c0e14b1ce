/** Servers that give less of a range than was asked for. */
import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { download } from '../../../adapters/node/index.ts'
import { FAST, holds, place, SIZE } from './place.ts'

const MOST = 1_000_000

test('parts that no validator holds together are given up for the whole', async (t) => {
  const { server, path } = await place(t)
  server.resource.etag = null
  const { bytes } = server.resource
  server.intercept = ({ headers }: IncomingMessage, response: ServerResponse): boolean => {
    const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? NaN)
    if (Number.isNaN(start)) return false
    const end = Math.min(start + MOST, SIZE)
    const range = `bytes ${String(start)}-${String(end - 1)}/${String(SIZE)}`
    response.writeHead(206, { 'Content-Range': range }).end(bytes.subarray(start, end))
    return true
  }
  const result = await download(server.url, path, { ...FAST, segments: 2 })
  await holds(path, bytes)
  assert.deepEqual(result.restarts, ['there is no validator to compare'])
  assert.deepEqual(
    server.requests.map(({ range }) => range),
    ['bytes=0-', `bytes=${String(MOST)}-`, undefined],
  )
})
