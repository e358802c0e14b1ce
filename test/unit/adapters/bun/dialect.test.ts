/** What Bun is told, and what it is kept from, without Bun. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bunDialect } from '../../../../adapters/bun/dialect.ts'
import { translateBunError } from '../../../../adapters/bun/errors.ts'
import { tlsInit } from '../../../../adapters/bun/tls.ts'
import { Upload } from '../../../../adapters/fetch/upload.ts'
import { ProxyError, RequestError, UnsupportedError } from '../../../../src/errors.ts'
import type { ProxyTarget } from '../../../../src/ports.ts'
import { streamPiece, wireRequest } from '../fetch/fixtures.ts'

const dialect = bunDialect(() => globalThis.fetch)
const URL_ = 'http://example.test/'
const PEM = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'

function proxy(url: string): ProxyTarget {
  return { url: new URL(url), username: 'us er', password: 'p@ss:w' }
}

async function* chunks(): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array(3)
}

test('Bun is kept from decoding, from its own clock and from the environment’s proxies', () => {
  assert.deepEqual(dialect.init(wireRequest('GET', URL_), {}), {
    decompress: false,
    timeout: false,
    proxy: false,
  })
})

test('a proxy overrules NO_PROXY, and its credentials are encoded', () => {
  const request = wireRequest('GET', URL_, { proxy: proxy('http://proxy.test:8080') })
  const init = dialect.init(request, {})
  // Without a prototype, so that nobody adds an option to it.
  assert.deepEqual(
    { ...(Reflect.get(init, 'proxy') as object) },
    {
      url: 'http://us%20er:p%40ss%3Aw@proxy.test:8080/',
      respectNoProxy: false,
    },
  )
})

test('a SOCKS proxy is refused, never passed by', () => {
  const request = wireRequest('GET', URL_, { proxy: proxy('socks5://proxy.test:1080') })
  assert.throws(() => dialect.refuse(request), UnsupportedError)
})

test('a stream of known length has a Content-Length, another has none', async () => {
  const watch = { asked: () => undefined, sent: () => undefined, failed: () => undefined }
  for (const length of [3, null]) {
    const pieces = [streamPiece(chunks(), length)]
    const upload = new Upload({ length, pieces, close: () => undefined }, watch)
    const carrier = await dialect.uploadBody(upload, wireRequest('POST', URL_))
    assert.ok(carrier.body instanceof ReadableStream)
    assert.deepEqual(carrier.headers, length === null ? [] : [['Content-Length', '3']])
  }
})

test('verify and cert become tls options; false alone switches verification off', async () => {
  assert.deepEqual(await tlsInit({ verify: false, cert: null }), { rejectUnauthorized: false })
  assert.deepEqual(await tlsInit({ verify: PEM, cert: [PEM, PEM] }), {
    ca: PEM,
    cert: PEM,
    key: PEM,
  })
  await assert.rejects(tlsInit({ verify: '/no/such/file.pem', cert: null }), RequestError)
})

test('a connection that is refused on the way to a proxy is a ProxyError', () => {
  const refused = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED' })
  const request = wireRequest('GET', URL_, { proxy: proxy('http://proxy.test:8080') })
  const error = translateBunError(refused, request, 'send')
  assert.ok(error instanceof ProxyError)
  assert.doesNotMatch(error.message, /p@ss/)
})
