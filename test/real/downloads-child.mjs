// The checks of downloads.mjs in one runtime; prints one line for each and ends with their verdict.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

const [runtime, nginx, httpbin, folder] = process.argv.slice(2)
const requests = await import(`../../dist/${runtime}/index.js`)
const text = await readFile(join(folder, 'text'), 'utf8')
const bytes = await readFile(join(folder, 'bytes'))
const same = (actual, expected) => assert.ok(Buffer.from(actual).equals(expected), 'other bytes')
const all = async (items) => {
  const list = []
  for await (const item of items) list.push(item)
  return list
}

const CHECKS = {
  async 'nginx: a file whole, streamed and in exact chunks'() {
    same((await requests.get(`${nginx}/bytes.bin`)).content, bytes)
    const streamed = await requests.get(`${nginx}/bytes.bin`, { stream: true })
    const chunks = await all(streamed.iterContent(100_000))
    assert.ok(chunks.slice(0, -1).every(({ length }) => length === 100_000))
    same(Buffer.concat(chunks), bytes)
  },
  async 'nginx: gzip, chunked, is decoded; raw gives what was sent'() {
    const response = await requests.get(`${nginx}/gzip/text.txt`)
    assert.equal(response.headers.get('content-encoding'), 'gzip')
    assert.equal(response.headers.get('content-length'), null)
    assert.equal(await response.text(), text)
    const streamed = await requests.get(`${nginx}/gzip/text.txt`, { stream: true })
    assert.equal((await all(streamed.iterContent({ decode: true }))).join(''), text)
    const { raw } = await requests.get(`${nginx}/gzip/text.txt`, { stream: true })
    assert.deepEqual([...(await raw.read(3))], [0x1f, 0x8b, 8])
  },
  async 'nginx: a range'() {
    const response = await requests.get(`${nginx}/bytes.bin`, { headers: { Range: 'bytes=10-99' } })
    assert.equal(response.status, 206)
    assert.equal(response.headers.get('content-range'), `bytes 10-99/${bytes.length}`)
    same(response.content, bytes.subarray(10, 100))
  },
  async 'nginx: a folder takes the name of Content-Disposition'() {
    const place = await mkdtemp(join(folder, 'saved-'))
    const response = await requests.get(`${nginx}/named/bytes.bin`, { stream: true })
    assert.equal(await response.save(place), join(place, 'naïve.bin'))
    same(await readFile(join(place, 'naïve.bin')), bytes)
    assert.deepEqual(await readdir(place), ['naïve.bin'])
  },
  async 'nginx: leaving a slow body early; calls in a row share a connection'() {
    const session = new requests.Session()
    const slow = await session.get(`${nginx}/slow/bytes.bin`, { stream: true })
    for await (const chunk of slow) if (chunk.length > 0) break
    const connections = new Set()
    for (let round = 0; round < 10; round++) {
      const { headers } = await session.get(`${nginx}/text.txt`)
      connections.add(headers.get('x-connection'))
    }
    await session.close()
    assert.ok(connections.size <= 2, `${connections.size} connections`)
  },
  async 'nginx: a slow body is cut by the total limit'() {
    const call = requests.get(`${nginx}/slow/bytes.bin`, { timeout: { total: 500 } })
    await assert.rejects(call, requests.errors.TotalTimeoutError)
  },
  async 'httpbin: gzip, deflate and brotli'() {
    for (const [path, flag] of [
      ['gzip', 'gzipped'],
      ['deflate', 'deflated'],
      ['brotli', 'brotli'],
    ]) {
      const answer = await (await requests.get(`${httpbin}/${path}`)).json()
      assert.equal(answer[flag], true, path)
    }
  },
  async 'httpbin: a stream of JSON lines, and of bytes in chunks'() {
    const lines = await requests.get(`${httpbin}/stream/7`, { stream: true })
    const documents = await all(lines.iterJSON())
    assert.deepEqual(
      documents.map(({ id }) => id),
      [0, 1, 2, 3, 4, 5, 6],
    )
    const path = `${httpbin}/stream-bytes/50000?seed=7&chunk_size=777`
    // One after the other: httpbin's generator is shared by its threads.
    const first = Buffer.concat(await all(await requests.get(path, { stream: true })))
    const second = await requests.get(path)
    same(first, Buffer.from(second.content))
    assert.equal(second.content.length, 50_000)
  },
  async 'httpbin: redirects, links, errors, a drip'() {
    const moved = await requests.get(`${httpbin}/redirect/3`)
    assert.equal(moved.history.length, 3)
    const echo = await requests.get(`${httpbin}/get`, { params: { text: '∮ E⋅da = Q' } })
    assert.equal((await echo.json()).args.text, '∮ E⋅da = Q')
    const { links } = await requests.get(`${httpbin}/response-headers`, {
      params: { Link: `<${httpbin}/get>; rel="next"` },
    })
    assert.equal(links.next.url, `${httpbin}/get`)
    const failed = await requests.get(`${httpbin}/status/418`)
    assert.throws(() => failed.raiseForStatus(), requests.errors.HTTPError)
    const drip = await requests.get(`${httpbin}/drip?numbytes=5&duration=1&delay=0`, {
      stream: true,
    })
    assert.equal((await drip.bytes()).length, 5)
  },
  async 'httpbin: maxBytes'() {
    const call = requests.get(`${httpbin}/bytes/5000`, { maxBytes: 4999 })
    await assert.rejects(call, requests.errors.BodyTooLargeError)
  },
}

let failed = 0
for (const [name, check] of Object.entries(CHECKS)) {
  try {
    await check()
    console.log(`✓ ${runtime} › ${name}`)
  } catch (error) {
    failed += 1
    console.log(`✗ ${runtime} › ${name}`)
    console.log(error)
  }
}
process.exit(failed === 0 ? 0 : 1)
