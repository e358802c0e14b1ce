/** Bodies on their way: uploads, limits, back-pressure and giving up. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import {
  bytesBody,
  fetchText,
  listen,
  openTransport,
  rawServer,
  streamBody,
  wireRequest,
} from './servers.ts'
import type { Running } from './servers.ts'

const transport = openTransport()
after(() => transport.close())

describe('uploads', () => {
  let server: Running
  let url = ''
  before(async () => {
    server = await listen(
      http.createServer((request, response) => {
        if (request.url === '/early') {
          response.statusCode = 413
          response.end('too large')
          return
        }
        let size = 0
        request.on('data', (bytes: Uint8Array) => (size += bytes.length))
        request.on('end', () => {
          const { 'content-length': length, 'transfer-encoding': coding } = request.headers
          response.end(`${String(size)} ${length ?? '-'} ${coding ?? '-'}`)
        })
      }),
    )
    url = `http://127.0.0.1:${String(server.port)}/`
  })
  after(() => server.close())

  async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < count; at++) yield await Promise.resolve(new Uint8Array(size))
  }

  it('go chunked, or with a length where one is known', async () => {
    const method = 'POST'
    const unknown = streamBody(chunks(3, 1000))
    assert.equal(await fetchText(transport, url, { method, body: unknown }), '3000 - chunked')
    const known = streamBody(chunks(3, 1000), 3000)
    assert.equal(await fetchText(transport, url, { method, body: known }), '3000 3000 -')
  })

  it('tell how far they are', async () => {
    const seen: (readonly [number, number | null | undefined])[] = []
    const body = streamBody(chunks(4, 100_000), 400_000)
    const onSent = (sent: number, total?: number | null): void => {
      seen.push([sent, total])
    }
    await fetchText(transport, url, { method: 'POST', body, onSent })
    assert.deepEqual(seen.at(-1), [400_000, 400_000])
  })

  it('reject with the very error of their source, whatever it is', async () => {
    for (const thrown of [new TypeError('mine'), undefined, 'text']) {
      async function* broken(): AsyncGenerator<Uint8Array, void> {
        yield await Promise.resolve(new Uint8Array(10))
        throw thrown
      }
      const request = wireRequest(url, { method: 'POST', body: streamBody(broken()) })
      const outcome: unknown = await transport.send(request).then(
        () => 'answered',
        (error: unknown) => ({ error }),
      )
      assert.deepEqual(outcome, { error: thrown })
    }
  })

  it('fail when their length is not the promised one', async () => {
    for (const length of [2999, 3001]) {
      const body = streamBody(chunks(3, 1000), length)
      await assert.rejects(transport.send(wireRequest(url, { method: 'POST', body })), {
        code: 'CONTENT_LENGTH_MISMATCH',
      })
    }
  })

  it('end their source when the answer is complete, and when the caller gives up', async () => {
    for (const early of [true, false]) {
      let ended: () => void = () => undefined
      const closed = new Promise<void>((resolve) => (ended = resolve))
      const controller = new AbortController()
      async function* endless(): AsyncGenerator<Uint8Array, void> {
        try {
          for (;;) {
            if (!early) controller.abort('enough')
            yield await Promise.resolve(new Uint8Array(64 * 1024))
          }
        } finally {
          ended()
        }
      }
      const body = streamBody(endless())
      const target = early ? `${url}early` : url
      const { signal } = controller
      const sent = fetchText(transport, target, { method: 'POST', body, signal })
      if (early) assert.equal(await sent, 'too large')
      else await assert.rejects(sent, (error: unknown) => error === 'enough')
      await closed
    }
  })
})

describe('downloads', () => {
  const SIZE = 20 * 1024 * 1024
  let server: Running
  let url = ''
  before(async () => {
    server = await listen(
      http.createServer((request, response) => {
        if (request.url === '/length') response.setHeader('Content-Length', SIZE)
        const piece = new Uint8Array(1024 * 1024).map((_, at) => at % 251)
        const write = async (): Promise<void> => {
          for (let at = 0; at < SIZE; at += piece.length) {
            if (!response.write(piece)) await once(response, 'drain')
          }
          response.end()
        }
        write().catch(() => undefined)
        response.on('error', () => undefined)
      }),
    )
    url = `http://127.0.0.1:${String(server.port)}/`
  })
  after(() => server.close())

  it('come whole, collected and piece by piece', async () => {
    for (const path of ['length', 'chunked']) {
      const whole = await transport.send(wireRequest(url + path))
      const bytes = await whole.body.collect(SIZE)
      assert.equal(bytes.length, SIZE)
      assert.equal(bytes[SIZE - 1], (1024 * 1024 - 1) % 251)
      const { body } = await transport.send(wireRequest(url + path, { stream: true }))
      let size = 0
      for (let part = await body.read(); part !== null; part = await body.read()) {
        assert.ok(part.length > 0)
        assert.equal(part[0], (size % (1024 * 1024)) % 251)
        size += part.length
      }
      assert.equal(size, SIZE)
      assert.equal(await body.read(), null)
    }
  })

  it('give what is left when collected after a read', async () => {
    const { body } = await transport.send(wireRequest(`${url}length`, { stream: true }))
    const first = await body.read()
    const rest = await body.collect(SIZE)
    assert.equal((first?.length ?? 0) + rest.length, SIZE)
  })

  it('lose nothing where they come byte by byte, read in part and then collected', async () => {
    const LENGTH = 5000
    const tiny = await rawServer((_, socket) => {
      const chunks = Array.from({ length: LENGTH }, (_each, at) => `1\r\n${String(at % 10)}\r\n`)
      socket.write(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`,
      )
    })
    const target = `http://127.0.0.1:${String(tiny.port)}/`
    const expected = '0123456789'.repeat(LENGTH / 10)
    for (const parts of [0, 1, 1023, 1024, 1500, LENGTH]) {
      const { body } = await transport.send(wireRequest(target, { stream: true }))
      let text = ''
      for (let at = 0; at < parts; at++) {
        text += String.fromCharCode((await body.read())?.[0] ?? 0)
        // The rest is there by now.
        if (at === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      }
      text += new TextDecoder().decode(await body.collect(LENGTH))
      assert.equal(text, expected)
    }
    await tiny.close()
  })

  it('stop at the limit, before the first byte where the length is told', async () => {
    for (const path of ['length', 'chunked']) {
      const { body } = await transport.send(wireRequest(url + path))
      await assert.rejects(body.collect(1_000_000), { code: 'BODY_TOO_LARGE' })
    }
  })

  it('reject what is under way when they are cancelled or the caller gives up', async () => {
    const hanging = await rawServer((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n')
    })
    const target = `http://127.0.0.1:${String(hanging.port)}/`
    const cancelled = await transport.send(wireRequest(target, { stream: true }))
    const read = cancelled.body.read()
    cancelled.body.cancel('no more')
    cancelled.body.cancel('no more')
    await assert.rejects(read, (error: unknown) => error === 'no more')
    const controller = new AbortController()
    const aborted = await transport.send(wireRequest(target, { signal: controller.signal }))
    const collected = aborted.body.collect(100)
    controller.abort('stop')
    await assert.rejects(collected, (error: unknown) => error === 'stop')
    await assert.rejects(fetchText(transport, target, { readMs: 50 }), { code: 'READ_TIMEOUT' })
    await hanging.close()
  })
})

describe('giving up before there is an answer', () => {
  it('rejects at once and leaves a waiting connection usable', async () => {
    const held: (() => void)[] = []
    const server = await listen(
      http.createServer((request, response) => {
        if (request.url === '/hold') held.push(() => response.end('held'))
        else response.end('ok')
      }),
    )
    const bounded = openTransport({ pool: { maxConnections: 1 } })
    const url = `http://127.0.0.1:${String(server.port)}/`
    const first = fetchText(bounded, `${url}hold`)
    const controller = new AbortController()
    const second = fetchText(bounded, url, { signal: controller.signal })
    const third = fetchText(bounded, url)
    controller.abort('gone')
    await assert.rejects(second, (error: unknown) => error === 'gone')
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
    held[0]?.()
    assert.equal(await first, 'held')
    assert.equal(await third, 'ok')
    assert.equal(server.connections.length, 1)
    await bounded.close()
    await server.close()
  })

  it('closes a connection that is being made and that nobody waits for', async () => {
    const { default: net } = await import('node:net')
    const silent = net.createServer()
    const server = await listen(silent)
    const url = `https://127.0.0.1:${String(server.port)}/`
    const expecting = { method: 'POST', body: bytesBody(new Uint8Array(3)), expectContinue: true }
    for (const overrides of [{}, expecting]) {
      const controller = new AbortController()
      const connected = once(silent, 'connection')
      const sent = transport.send(wireRequest(url, { signal: controller.signal, ...overrides }))
      await connected
      const peer = server.connections.at(-1)
      const closed = once(peer ?? silent, 'close')
      peer?.resume()
      controller.abort('gone')
      await assert.rejects(sent, (error: unknown) => error === 'gone')
      await closed
    }
    await server.close()
  })
})
