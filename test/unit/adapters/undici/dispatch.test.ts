/** What the transport over undici sends and what it makes of the answers. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { isRequestError } from '../../../../src/errors.ts'
import { fieldsOf } from '../../../../src/header-list.ts'
import {
  bytesBody,
  countingServer,
  fetchText,
  listen,
  openTransport,
  rawServer,
  wireRequest,
} from './servers.ts'
import type { Running, TestTransport } from './servers.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('connections', () => {
  let server: Running
  const transport = openTransport()
  before(async () => {
    server = await listen(countingServer())
  })
  after(async () => {
    await transport.close()
    await server.close()
  })

  it('serves strictly sequential requests and an upload with one', async () => {
    const url = `http://127.0.0.1:${String(server.port)}/`
    for (let count = 0; count < 20; count++) assert.equal(await fetchText(transport, url), '0')
    const body = bytesBody(new Uint8Array(3_000_000))
    assert.equal(await fetchText(transport, url, { method: 'POST', body }), '3000000')
    assert.equal(await fetchText(transport, url), '0')
    assert.equal(server.connections.length, 1)
    const { created, reused, requests, open, idle } = transport.stats()
    assert.deepEqual(
      { created, reused, requests, open, idle },
      { created: 1, reused: 21, requests: 22, open: 1, idle: 1 },
    )
  })

  it('keeps to the bound and serves what waits', async () => {
    const bounded = openTransport({ pool: { maxConnections: 2 } })
    const url = `http://127.0.0.1:${String(server.port)}/`
    const texts = await Promise.all(Array.from({ length: 20 }, () => fetchText(bounded, url)))
    assert.deepEqual(new Set(texts), new Set(['0']))
    assert.equal(bounded.stats().created, 2)
    await bounded.close()
    assert.equal(bounded.stats().open, 0)
    await assert.rejects(bounded.send(wireRequest(url)), { code: 'SESSION_CLOSED' })
  })

  it('keeps no more idle ones than asked', async () => {
    const bounded = openTransport({ pool: { maxIdle: 1 } })
    const url = `http://127.0.0.1:${String(server.port)}/`
    await Promise.all(Array.from({ length: 4 }, () => fetchText(bounded, url)))
    await fetchText(bounded, url)
    assert.ok(bounded.stats().open <= 1)
    await bounded.close()
  })

  it('cannot be none', () => {
    for (const maxConnections of [0, 0.5]) {
      assert.throws(() => openTransport({ pool: { maxConnections } }), /from 1 to/)
    }
  })

  it('keeps none at all with an idleTimeout of 0', async () => {
    const bounded = openTransport({ pool: { idleTimeout: 0 } })
    const url = `http://127.0.0.1:${String(server.port)}/`
    for (let count = 0; count < 3; count++) assert.equal(await fetchText(bounded, url), '0')
    assert.equal(bounded.stats().created, 3)
    await bounded.close()
  })
})

describe('requests and answers', () => {
  const transport = openTransport()
  after(() => transport.close())

  async function answerOf(
    raw: string,
    overrides: Parameters<typeof wireRequest>[1] = {},
  ): Promise<{ text: string; response: Awaited<ReturnType<TestTransport['send']>>; head: string }> {
    let head = ''
    const server = await rawServer((received, socket) => {
      head = received
      socket.end(raw, 'latin1')
    })
    try {
      const url = `http://127.0.0.1:${String(server.port)}/path?q=1`
      const response = await transport.send(wireRequest(url, overrides))
      return { response, head, text: new TextDecoder().decode(await response.body.collect(1e9)) }
    } finally {
      await server.close()
    }
  }

  it('keeps spelling, order and repetition of headers, both ways', async () => {
    const { response, head } = await answerOf(
      'HTTP/1.1 299 Quite \xfcnusual\r\nX-b: 1 \r\nx-A:\r\nSet-Cookie: a=1\r\nX-B: 2\r\nSet-Cookie: b=\xe9\r\nContent-Length: 0\r\n\r\n',
      {
        headers: [
          ['x-Zed', '1'],
          ['X-Alpha', '\xe9'],
          ['x-zed', '2'],
        ],
      },
    )
    assert.equal(response.status, 299)
    assert.deepEqual(fieldsOf(response.headers).pairs(), [
      ['X-b', '1'],
      ['x-A', ''],
      ['Set-Cookie', 'a=1'],
      ['X-B', '2'],
      ['Set-Cookie', 'b=\xe9'],
      ['Content-Length', '0'],
    ])
    const lines = head.split('\r\n')
    assert.equal(lines[0], 'GET /path?q=1 HTTP/1.1')
    assert.deepEqual(lines.slice(-3), ['x-Zed: 1', 'X-Alpha: \xe9', 'x-zed: 2'])
  })

  it('skips interim answers', async () => {
    const { response, text } = await answerOf(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}`)
    assert.equal(response.status, 200)
    assert.equal(text, 'ok')
  })

  it('takes no length for a body where none can come', async () => {
    for (const status of ['304 Not Modified', '204 No Content']) {
      const { response, text } = await answerOf(`HTTP/1.1 ${status}\r\nContent-Length: 20\r\n\r\n`)
      assert.equal(`${String(response.status)} ${response.statusText}`, status)
      assert.equal(text, '')
    }
  })

  it('frames bodies by itself', async () => {
    const bodiless = await answerOf(OK, { method: 'POST' })
    assert.match(bodiless.head, /content-length: 0$/i)
    const get = await answerOf(OK, { body: bytesBody(new Uint8Array(3)) })
    assert.match(get.head, /content-length: 3$/i)
    const options = await answerOf(OK, { method: 'DELETE' })
    assert.doesNotMatch(options.head, /content-length|transfer-encoding/i)
  })

  it('sends the host of the caller, custom methods, and Connection: close when asked', async () => {
    const { head } = await answerOf(OK, { host: 'other.test', method: 'FROB', closeAfter: true })
    assert.match(head, /^FROB .*\r\nhost: other\.test\r\nconnection: close/i)
  })

  it('never lets Proxy-Authorization reach a server', async () => {
    const { head } = await answerOf(OK, { headers: [['Proxy-Authorization', 'Basic eA==']] })
    assert.doesNotMatch(head, /proxy-authorization/i)
  })

  const wrong: readonly (readonly [name: string, answer: string, code: string])[] = [
    ['nothing', '', 'CONNECTION_RESET'],
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'INVALID_RESPONSE',
    ],
    ['garbage', 'SSH-2.0-OpenSSH\r\n\r\n', 'INVALID_RESPONSE'],
    [
      'a header section of 80 KiB',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(80_000)}\r\n\r\n`,
      'INVALID_RESPONSE',
    ],
    ['a short body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort', 'INCOMPLETE_BODY'],
    [
      'a broken chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n',
      'INCOMPLETE_BODY',
    ],
    [
      'a missing last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
      'INCOMPLETE_BODY',
    ],
  ]
  for (const [name, raw, code] of wrong) {
    it(`says ${code} for ${name}`, async () => {
      await assert.rejects(answerOf(raw), (error: unknown) => {
        assert.ok(isRequestError(error))
        assert.equal(error.code, code)
        assert.equal(error.request?.method, 'GET')
        return true
      })
    })
  }

  it('gives the bytes that came before a body was cut', async () => {
    const server = await rawServer((_, socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort')
    })
    const { body } = await transport.send(
      wireRequest(`http://127.0.0.1:${String(server.port)}/`, { stream: true }),
    )
    assert.equal(new TextDecoder().decode((await body.read()) ?? undefined), 'short')
    await assert.rejects(body.read(), { code: 'INCOMPLETE_BODY' })
    await server.close()
  })
})

describe('a socket that died while it was idle', () => {
  /** Answers the first request and resets the connection when the second arrives on it. */
  function dyingServer(onSecond: string): Promise<Running> {
    return rawServer((_, socket, count) => {
      if (count === 1 || count === 3) socket.write(OK)
      else if (onSecond === '') socket.destroy()
      else socket.end(onSecond)
    })
  }

  it('is replaced once, in silence, for an idempotent request', async () => {
    const server = await dyingServer('')
    const transport = openTransport()
    const url = `http://127.0.0.1:${String(server.port)}/`
    assert.equal(await fetchText(transport, url), 'ok')
    const body = bytesBody(new Uint8Array(10))
    assert.equal(await fetchText(transport, url, { method: 'PUT', body }), 'ok')
    assert.equal(server.connections.length, 2)
    await transport.close()
    await server.close()
  })

  it('is replaced by a new one, even where all that are idle have died', async () => {
    const held: Socket[] = []
    const server = await rawServer((head, socket, count) => {
      if (count > 3) socket.write(server.connections.length > 3 ? OK : '')
      else held.push(socket)
      if (held.length === 3 && count === 3) for (const each of held) each.write(OK)
      if (count > 3 && held.includes(socket)) socket.destroy()
    })
    const transport = openTransport()
    const url = `http://127.0.0.1:${String(server.port)}/`
    await Promise.all([1, 2, 3].map(() => fetchText(transport, url)))
    assert.equal(await fetchText(transport, url), 'ok')
    assert.equal(server.connections.length, 4)
    await transport.close()
    await server.close()
  })

  it('is an error for POST, after a byte of an answer, and when the body cannot be repeated', async () => {
    const once = { ...bytesBody(new Uint8Array(10)), replayable: false }
    for (const [overrides, onSecond] of [
      [{ method: 'POST' }, ''],
      [{}, 'HTTP/1.1 200'],
      [{ method: 'PUT', body: once }, ''],
    ] as const) {
      const server = await dyingServer(onSecond)
      const transport = openTransport()
      const url = `http://127.0.0.1:${String(server.port)}/`
      await fetchText(transport, url)
      await assert.rejects(fetchText(transport, url, overrides), isRequestError)
      await transport.close()
      await server.close()
    }
  })

  it('is an error on its first use', async () => {
    const server = await rawServer((_, socket) => socket.destroy())
    const transport = openTransport()
    await assert.rejects(fetchText(transport, `http://127.0.0.1:${String(server.port)}/`), {
      code: 'CONNECTION_RESET',
    })
    assert.equal(server.connections.length, 1)
    await transport.close()
    await server.close()
  })
})
