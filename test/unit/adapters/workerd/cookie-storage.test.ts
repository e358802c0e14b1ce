/** Jars in a KV namespace and in a Durable Object, inside workerd, with Miniflare's real storages. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'

/** Sets the cookies of the query, and tells which ones it was sent. */
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const lines = [...searchParams].map(([name, value]) => `${name}=${value}; HttpOnly; Max-Age=600`)
  response.setHeader('Set-Cookie', lines)
  response.end(request.headers.cookie ?? '')
})
let origin = ''
let worker: Miniflare

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has the address of a port.
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`
  const { outputFiles } = await build({
    entryPoints: ['test/unit/adapters/workerd/jar-worker.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    external: ['node:*'],
  })
  worker = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-07-01',
    kvNamespaces: ['JARS'],
    durableObjects: { VISITOR: 'Visitor' },
  })
  await worker.ready
})
after(async () => {
  await worker.dispose()
  server.close()
})

for (const place of ['kv', 'object'] as const) {
  test(`a session in ${place} is there again in the next invocation, saved within the call`, async () => {
    const first = await visit(place, '?sid=42&theme=dark')
    assert.deepEqual([first.text, first.unsaved], ['', 'false'])
    assert.equal((await visit(place, '')).text, 'sid=42; theme=dark')
    await visit(place, '?theme=light')
    assert.equal((await visit(place, '')).text, 'sid=42; theme=light')
  })
}

test('what KV holds is the JSON of the jar, with every flag', async () => {
  await visit('kv', '?flag=1')
  const response = await worker.dispatchFetch('http://worker/?in=text')
  const text = await response.text()
  assert.match(text, /"format":"ubiquest-cookies"/)
  assert.match(text, /"name":"flag".*"httpOnly":true/)
})

test('in a Durable Object many invocations at one time lose nothing', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `n${String(index)}`)
  await Promise.all(names.map((name) => visit('object', `?${name}=1`)))
  const held = (await visit('object', '')).text.split('; ')
  assert.deepEqual(
    names.filter((name) => !held.includes(`${name}=1`)),
    [],
  )
})

async function visit(
  place: 'kv' | 'object',
  query: string,
): Promise<{ text: string; unsaved: string | null }> {
  const url = encodeURIComponent(origin + query)
  const response = await worker.dispatchFetch(`http://worker/?in=${place}&url=${url}`)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return { text, unsaved: response.headers.get('X-Unsaved') }
}
