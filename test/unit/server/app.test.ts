/** The main routes and the journal, asked by Node's own clients. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { pattern } from '../../harness/pattern.ts'
import { newTag } from '../../harness/recorder.ts'
import { startServers } from '../../server/servers.ts'
import type { RunningServers } from '../../server/servers.ts'

let running: RunningServers
let http: string

before(async () => {
  running = await startServers()
  http = running.servers.http
})

after(async () => {
  await running.close()
})

/** JSON as a test wants it: its shape is what the test asserts. */
type Json = Record<string, unknown>

async function getJson(url: string, init?: RequestInit): Promise<Json> {
  // All routes asked through here answer with a JSON object.
  return (await (await fetch(url, init)).json()) as Json
}

async function control(path: string): Promise<Json> {
  return getJson(running.servers.control + path)
}

async function eventsOf(tag: string, event: string): Promise<Json[]> {
  const answer = await control(`/wait?tag=${tag}&event=${event}`)
  assert.equal(answer['timedOut'], false, `no event ${event}`)
  return answer['events'] as Json[]
}

test('echo says what came: method, target, framing, hash', async () => {
  const body = pattern(3, 0, 2_000_000)
  const init = { method: 'PUT', body, headers: { 'X-Case': 'a' } }
  const answer = await getJson(`${http}/echo/deep?q=%20#f`, init)
  assert.equal(answer['method'], 'PUT')
  assert.equal(answer['url'], '/echo/deep?q=%20')
  assert.equal(answer['bodyLength'], 2_000_000)
  assert.equal(answer['bodyBase64'], null)
  assert.equal(answer['bodySha256'], createHash('sha256').update(body).digest('hex'))
  assert.deepEqual(answer['framing'], { contentLength: '2000000', transferEncoding: null })
})

test('requests on one connection are numbered', async () => {
  const tag = newTag()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let at = 1; at <= 3; at++) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${http}/echo?tag=${tag}`, { agent }, resolve).on('error', reject)
    })
    assert.match(await text(answer), new RegExp(`"requestOnConnection":${String(at)}}`))
  }
  const { connections, requests } = await control(`/stats?tag=${tag}`)
  assert.deepEqual(requests, { '/echo': 3 })
  assert.equal((connections as number[]).length, 1)
  agent.destroy()
})

test('a page is answered with CORS fields that name what it may read', async () => {
  const headers = { Origin: 'http://page.test' }
  const answer = await fetch(`${http}/headers?count=1`, { headers })
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://page.test')
  assert.match(answer.headers.get('access-control-expose-headers') ?? '', /x-field-0/)
  assert.equal((await fetch(`${http}/json`)).headers.has('vary'), false)
  const plain = await fetch(`${http}/status/200`, { method: 'OPTIONS', headers })
  assert.equal(await plain.text(), 'status 200')
})

test('a preflight is answered for any route and not counted', async () => {
  const tag = newTag()
  const headers = { Origin: 'http://page.test', 'Access-Control-Request-Method': 'PURGE' }
  const answer = await fetch(`${http}/hang?tag=${tag}`, { method: 'OPTIONS', headers })
  assert.equal(answer.status, 204)
  assert.equal(answer.headers.get('access-control-allow-methods'), 'PURGE')
  assert.deepEqual((await control(`/stats?tag=${tag}`))['requests'], {})
})

test('ranges and validators follow RFC 9110', async () => {
  const ask = async (headers: Record<string, string>): Promise<Response> =>
    fetch(`${http}/bytes/1000?seed=5`, { headers })
  const part = await ask({ Range: 'bytes=10-19' })
  assert.equal(part.status, 206)
  assert.equal(part.headers.get('content-range'), 'bytes 10-19/1000')
  assert.deepEqual(new Uint8Array(await part.arrayBuffer()), pattern(5, 10, 20))
  assert.equal((await (await ask({ Range: 'bytes=-7' })).arrayBuffer()).byteLength, 7)
  assert.equal((await ask({ Range: 'bytes=1000-' })).status, 416)
  assert.equal((await ask({ Range: 'bytes=1-2', 'If-Range': '"other"' })).status, 200)
  assert.equal((await ask({ Range: 'bytes=1-2', 'If-Range': '"1000-5"' })).status, 206)
  assert.equal((await ask({ 'If-None-Match': '"1000-5"' })).status, 304)
})

test('a cut body breaks off after exactly so many bytes', async () => {
  const answer = await fetch(`${http}/bytes/300000?cut=100000`)
  let length = 0
  await assert.rejects(async () => {
    // Node's streams are iterable.
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
      length += chunk.length
  })
  assert.equal(length, 100_000)
})

test('content codings decode to the same document', async () => {
  for (const path of ['gzip', 'deflate', 'deflate-raw', 'br', 'stacked']) {
    const document = await getJson(`${http}/${path}`)
    assert.match(String(document['text']), /^Ubiquest – überall/, path)
  }
  const bomb = await fetch(`${http}/coded/gzip?size=8000000&fill=zero`)
  assert.equal((await bomb.arrayBuffer()).byteLength, 8_000_000)
  assert.equal((await fetch(`${http}/coded/lzma`)).status, 400)
})

test('an abort of a hanging request is seen on the connection', async () => {
  for (const path of ['hang', 'hang-body', 'delay/60000', 'drip?bytes=1000&delay=1000']) {
    const tag = newTag()
    const abort = new AbortController()
    const url = `${http}/${path}${path.includes('?') ? '&' : '?'}tag=${tag}`
    const done = fetch(url, { signal: abort.signal })
      .then(async (answer) => answer.text())
      .catch((error: unknown) => error)
    await eventsOf(tag, 'request')
    abort.abort(new Error('stop'))
    await done
    await eventsOf(tag, 'aborted')
    await eventsOf(tag, 'disconnected')
  }
})

test('a hanging answer goes on when it is released', async () => {
  const tag = newTag()
  const answer = await fetch(`${http}/hang-body?sent=3&tag=${tag}`)
  await control(`/release?tag=${tag}`)
  assert.equal((await answer.text()).length, 100)
})

test('an upload that nobody reads stalls, then goes on when released', async () => {
  const tag = newTag()
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulled === 32 * 1024 * 1024) {
        controller.close()
        return
      }
      pulled += 65536
      controller.enqueue(new Uint8Array(65536))
    },
  })
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
  const done = getJson(`${http}/never-read?tag=${tag}`, init)
  const [stalled] = await eventsOf(tag, 'stalled')
  assert.ok(pulled < 32 * 1024 * 1024, `all was taken: ${String(stalled?.['bytes'])}`)
  await control(`/release?tag=${tag}`)
  const bodySha256 = createHash('sha256')
    .update(Buffer.alloc(32 << 20))
    .digest('hex')
  assert.deepEqual(await done, { bodyLength: 32 << 20, bodySha256 })
})

test('forms are parsed in order, with hashes', async () => {
  const form = new FormData()
  form.append('a', 'é\r\n')
  form.append('file', new Blob(['content'], { type: 'x/y' }), 'ü".bin')
  form.append('a', '')
  const { parts } = await getJson(`${http}/parse`, { method: 'POST', body: form })
  const shown = (parts as Json[]).map(({ name, filename, size, value }) => [
    name,
    filename,
    size,
    value,
  ])
  assert.deepEqual(shown, [
    ['a', null, 4, 'é\r\n'],
    ['file', 'ü%22.bin', 7, null],
    ['a', null, 0, ''],
  ])
  const wrong = await fetch(`${http}/parse`, { method: 'POST', body: 'x' })
  assert.equal(wrong.status, 400)
})

test('an early answer reaches a client that is still sending', async () => {
  const body = new Uint8Array(8 * 1024 * 1024)
  const answer = await fetch(`${http}/early-413`, { method: 'POST', body })
  assert.equal(answer.status, 413)
  assert.equal(await answer.text(), 'too large')
})

test('a sequence goes from status to status, per tag', async () => {
  const url = `${http}/sequence/503,200?tag=${newTag()}`
  const codes = []
  for (let at = 0; at < 3; at++) codes.push((await fetch(url)).status)
  assert.deepEqual(codes, [503, 200, 200])
})

test('redirects are relative, keep the query, and set cookies', async () => {
  const answer = await fetch(`${http}/redirect/3?x=1`)
  assert.equal(answer.url, `${http}/echo?x=1`)
  const set = await fetch(`${http}/cookies/set?a=1&b=2`, { redirect: 'manual' })
  assert.deepEqual(set.headers.getSetCookie(), ['a=1; Path=/', 'b=2; Path=/'])
  const headers = { Cookie: 'a=1; b=x=y' }
  assert.deepEqual((await getJson(`${http}/cookies`, { headers }))['cookies'], { a: '1', b: 'x=y' })
})

test('HEAD has the length and no body', async () => {
  const answer = await fetch(`${http}/bytes/100000000`, { method: 'HEAD' })
  assert.equal(answer.headers.get('content-length'), '100000000')
  assert.equal(await answer.text(), '')
})

test('mistakes of a case are told, and hurt nobody', async () => {
  assert.match(await (await fetch(`${http}/bytes/x`)).text(), /not a number/)
  assert.equal((await fetch(`${http}/toString`)).status, 404)
  assert.equal((await fetch(`${http}/__proto__`)).status, 404)
  assert.equal((await fetch(`${running.servers.control}/wait`)).status, 400)
})
