/** HTTP/2: many requests over one connection, and a server that takes leave of it. */
import assert from 'node:assert/strict'
import http2 from 'node:http2'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { TlsSettings } from '../../../../src/ports.ts'
import { makeCertificates } from '../../../server/certificates.ts'
import { bytesBody, fetchText, listen, openTransport, streamBody } from './servers.ts'
import type { Overrides, Running, TestTransport } from './servers.ts'

type Respond = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, count: number) => void

let server: Running
let tls: TlsSettings
let transport: TestTransport
let respond: Respond
let count = 0

before(async () => {
  const { ca, valid } = await makeCertificates()
  tls = { verify: ca, cert: null }
  const h2 = http2.createSecureServer(valid)
  h2.on('sessionError', () => undefined)
  h2.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    stream.resume()
    respond(stream, headers, ++count)
  })
  server = await listen(h2)
})
after(() => server.close())
beforeEach(() => {
  transport = openTransport({ http2: true })
  respond = (stream) => {
    ok(stream)
  }
  count = 0
})
afterEach(() => transport.close())

function ok(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 })
  stream.end('ok')
}

function ask(path = '/', overrides: Overrides = {}): Promise<string> {
  return fetchText(transport, `https://localhost:${String(server.port)}${path}`, {
    tls,
    ...overrides,
  })
}

function post(path = '/'): Promise<string> {
  return ask(path, { method: 'POST', body: bytesBody(Uint8Array.of(1, 2, 3)) })
}

/** A gate that opens when so many have come to it. */
function meeting(size: number): Respond {
  const here: ServerHttp2Stream[] = []
  return (stream) => {
    here.push(stream)
    if (here.length === size) for (const each of here) ok(each)
  }
}

describe('fields over HTTP/2', () => {
  it('are sent once, and not where they are about a connection of HTTP/1.1', async () => {
    const seen: IncomingHttpHeaders[] = []
    respond = (stream, headers) => {
      seen.push(headers)
      ok(stream)
    }
    const headers = [
      ['TE', 'gzip'],
      ['Proxy-Connection', 'keep-alive'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
      ['Authorization', 'a'],
      ['authorization', 'b'],
      ['Cookie', 'a=1'],
      ['cookie', 'b=2'],
      ['X-Kept', '1'],
    ] as const
    // The first is sent by whoever makes the connection, where nobody would catch what is thrown.
    assert.equal(await ask('/', { headers }), 'ok')
    assert.equal(await ask('/', { headers: [...headers.slice(1), ['te', 'trailers']] }), 'ok')
    assert.deepEqual(
      seen.map(({ te }) => te),
      [undefined, 'trailers'],
    )
    for (const fields of seen) {
      assert.equal(fields['proxy-connection'], undefined)
      assert.equal(fields['http2-settings'], undefined)
      assert.equal(fields.authorization, 'a, b')
      assert.equal(fields.cookie, 'a=1; b=2')
      assert.equal(fields['x-kept'], '1')
    }
  })
})

describe('calls over HTTP/2', () => {
  it('do not wait for each other, whatever their method', async () => {
    await ask()
    respond = meeting(3)
    assert.deepEqual(await Promise.all([post(), post(), ask()]), ['ok', 'ok', 'ok'])
    assert.equal(transport.stats().created, 1)
  })

  it('with a body that comes piece by piece have a connection each', async () => {
    await ask()
    respond = meeting(3)
    const upload = (): Promise<string> => {
      const body = streamBody(pieces())
      return ask('/', { method: 'POST', body })
    }
    assert.deepEqual(await Promise.all([upload(), upload(), ask()]), ['ok', 'ok', 'ok'])
    assert.equal(transport.stats().created, 2)
  })

  it('open one connection where many come at a time, the second time too', async () => {
    const many = (): Promise<string[]> => Promise.all(Array.from({ length: 10 }, () => ask()))
    await many()
    assert.equal(transport.stats().created, 1)
    for (const socket of server.connections) socket.destroy()
    while (transport.stats().open > 0) await new Promise(setImmediate)
    await many()
    const { created, open } = transport.stats()
    assert.deepEqual({ created, open }, { created: 2, open: 1 })
  })
})

describe('a server that goes away', () => {
  it('answers what it has taken on, and the rest goes over another connection', async () => {
    await ask()
    const here: ServerHttp2Stream[] = []
    respond = (stream, _, number) => {
      if (number > 4) {
        ok(stream)
        return
      }
      here.push(stream)
      if (here.length < 3) return
      stream.session?.goaway(0, stream.id ?? 0)
      setTimeout(() => {
        for (const each of here) ok(each)
      }, 50)
    }
    assert.deepEqual(await Promise.all([post(), ask(), ask()]), ['ok', 'ok', 'ok'])
    assert.equal(await post(), 'ok')
    const { created, open, idle } = transport.stats()
    assert.equal(created, 2)
    assert.ok(open >= 1 && open <= 2 && idle <= open)
    assert.equal(count, 5)
  })

  it('with each answer loses none of them', async () => {
    respond = (stream) => {
      ok(stream)
      stream.session?.goaway(0, stream.id ?? 0)
    }
    for (let sent = 0; sent < 10; sent++) assert.equal(await post(), 'ok')
    assert.equal(count, 10)
  })

  it('has done nothing with a stream that it refuses: any call is sent again, once', async () => {
    await ask()
    respond = (stream, _, number) => {
      if (number === 2) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
      else ok(stream)
    }
    assert.equal(await post(), 'ok')
    assert.equal(count, 3)
    respond = (stream) => {
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
    }
    await assert.rejects(post(), { name: 'ConnectionError' })
    assert.equal(count, 5)
  })

  it('without a word is asked again for a GET, and not for a POST', async () => {
    for (const send of [ask, post]) {
      await ask()
      const before = count
      respond = (stream, _, number) => {
        if (number > before + 1) ok(stream)
        else server.connections.at(-1)?.destroy()
      }
      if (send === ask) assert.equal(await send(), 'ok')
      else await assert.rejects(send(), { code: 'CONNECTION_RESET' })
      assert.equal(count, send === ask ? before + 2 : before + 1)
    }
    assert.ok(transport.stats().open >= 0)
  })
})

async function* pieces(): AsyncGenerator<Uint8Array, void> {
  for (let index = 0; index < 3; index++) yield await Promise.resolve(new Uint8Array(1000))
}
