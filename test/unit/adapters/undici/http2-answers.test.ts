/** HTTP/2, frame by frame: where an answer ends, and what must never look like its end. */
import assert from 'node:assert/strict'
import tls from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { after, afterEach, before, beforeEach, it } from 'node:test'
import type { TlsSettings, WireResponse } from '../../../../src/ports.ts'
import { makeCertificates } from '../../../server/certificates.ts'
import { bytesBody, fetchText, listen, openTransport, wireRequest } from './servers.ts'
import type { Overrides, Running, TestTransport } from './servers.ts'

const [DATA, HEADERS, RESET, SETTINGS] = [0, 1, 3, 4]
const [END_STREAM, END_HEADERS, ACK] = [1, 4, 1]
/** `:status: 200` of the static table of HPACK. */
const OK = Uint8Array.of(0x88)

let server: Running
let settings: TlsSettings
let transport: TestTransport
/** What a stream is answered with. */
let answer: (socket: TLSSocket, stream: number) => void
let limit = 100

before(async () => {
  const { ca, valid } = await makeCertificates()
  settings = { verify: ca, cert: null }
  server = await listen(tls.createServer({ ...valid, ALPNProtocols: ['h2'] }, serve))
})
after(() => server.close())
beforeEach(() => {
  transport = openTransport({ http2: true })
})
afterEach(() => transport.close())

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

function text(content: string): Buffer {
  return Buffer.from(content, 'latin1')
}

/** A field that is in no table (RFC 7541 §6.2.2). */
function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.of(0, name.length),
    text(name),
    Buffer.of(value.length),
    text(value),
  ])
}

function serve(socket: TLSSocket): void {
  let bytes = Buffer.alloc(0)
  let isOpen = false
  socket.on('error', () => undefined)
  // SETTINGS_MAX_CONCURRENT_STREAMS
  socket.write(frame(SETTINGS, 0, 0, Buffer.of(0, 3, 0, 0, 0, limit)))
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    if (!isOpen && bytes.length < 24) return
    // Behind the preface.
    if (!isOpen) bytes = bytes.subarray(24)
    isOpen = true
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const end = 9 + bytes.readUIntBE(0, 3)
      const [type, flags, stream] = [bytes[3], bytes[4], bytes.readUInt32BE(5)]
      bytes = bytes.subarray(end)
      if (type === SETTINGS && flags === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)))
      if (type === HEADERS) answer(socket, stream)
    }
  })
}

function begin(socket: TLSSocket, stream: number, ...fields: readonly Buffer[]): void {
  const head = frame(HEADERS, END_HEADERS, stream, Buffer.concat([OK, ...fields]))
  socket.write(Buffer.concat([head, frame(DATA, 0, stream, text('abc'))]))
}

function end(socket: TLSSocket, stream: number): void {
  socket.write(frame(DATA, END_STREAM, stream, text('def')))
}

function ask(overrides: Overrides = {}): Promise<string> {
  return fetchText(transport, url(), { tls: settings, ...overrides })
}

function open(): Promise<WireResponse> {
  return transport.send(wireRequest(url(), { tls: settings, stream: true }))
}

function url(): string {
  return `https://localhost:${String(server.port)}/`
}

// NO_ERROR, INTERNAL_ERROR, CANCEL
for (const code of [0, 2, 8]) {
  it(`a stream that is reset with code ${String(code)} is no complete answer`, async () => {
    answer = (socket, stream) => {
      begin(socket, stream)
      setTimeout(() => socket.write(frame(RESET, 0, stream, Buffer.of(0, 0, 0, code))), 20)
    }
    await assert.rejects(ask(), { code: 'INCOMPLETE_BODY' })
    answer = (socket, stream) => {
      begin(socket, stream)
      end(socket, stream)
    }
    assert.equal(await ask(), 'abcdef')
  })
}

it('an answer that has ended is complete, though its stream is reset after that', async () => {
  answer = (socket, stream) => {
    begin(socket, stream)
    end(socket, stream)
    socket.write(frame(RESET, 0, stream, Buffer.of(0, 0, 0, 0)))
  }
  assert.equal(await ask({ method: 'POST', body: bytesBody(text('x')) }), 'abcdef')
})

it('trailers leave what is still unread before them', async () => {
  const piece = Buffer.alloc(16_000, 'x')
  answer = (socket, stream) => {
    begin(socket, stream)
    const trailers = frame(HEADERS, END_HEADERS | END_STREAM, stream, field('x', 'y'))
    const body = Array.from({ length: 16 }, () => frame(DATA, 0, stream, piece))
    socket.write(
      Buffer.concat([...body, frame(DATA, 0, stream, piece.subarray(0, 6000)), trailers]),
    )
  }
  const { body } = await open()
  // The connection is paused with some of it inside.
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal((await body.collect(Infinity)).length, 3 + 16 * 16_000 + 6000)
  const { open: connections, idle } = transport.stats()
  assert.deepEqual([connections, idle], [1, 1])
})

it('fields are octets, as over HTTP/1.1', async () => {
  answer = (socket, stream) => {
    begin(socket, stream, field('x-name', '\xc3\xa9\xff'))
    end(socket, stream)
  }
  const { headers, body } = await open()
  await body.collect(Infinity)
  assert.equal('get' in headers ? headers.get('x-name') : null, '\xc3\xa9\xff')
})

it('no more requests are sent at a time than the server takes', async () => {
  limit = 2
  try {
    const here: (() => void)[] = []
    answer = (socket, stream) => {
      here.push(() => {
        begin(socket, stream)
        end(socket, stream)
      })
      if (here.length === wanted) for (const go of here.splice(0)) go()
    }
    let wanted = 1
    await ask()
    wanted = 6
    const all = await Promise.all(Array.from({ length: 6 }, () => ask({ readMs: 5000 })))
    assert.deepEqual(new Set(all), new Set(['abcdef']))
    assert.equal(transport.stats().created, 3)
  } finally {
    limit = 100
  }
})

for (const method of ['DELETE', 'GET', 'QUERY']) {
  it(`${method} may have a body, on a new connection and on one that is known`, async () => {
    const body = bytesBody(text('body'))
    answer = (socket, stream) => {
      begin(socket, stream)
      end(socket, stream)
    }
    for (let sent = 0; sent < 2; sent++) assert.equal(await ask({ method, body }), 'abcdef')
    assert.deepEqual(transport.stats().created, 1)
  })
}
