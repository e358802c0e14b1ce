/** What sockets read into, with sockets of this runtime. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import { giveBack, onRead } from '../../../../adapters/node/read-memory.ts'

/** More than fills every size of buffer, and than a socket is sent in one go. */
const BODY = randomBytes(12 * 1024 * 1024)

/** What `onRead` is as an option of `net.connect`; its declaration knows no null, which Node takes. */
function options(port: number): Parameters<typeof connect>[0] {
  return { port, host: '127.0.0.1', onread: onRead } as unknown as Parameters<typeof connect>[0]
}

async function withServer(run: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(BODY))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await run((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}

async function readAll(socket: Socket, take: (chunk: Uint8Array) => void): Promise<void> {
  socket.on('readable', () => {
    for (let chunk = next(socket); chunk !== null; chunk = next(socket)) take(chunk)
  })
  await once(socket, 'end')
}

/** `read()` of a socket without encoding gives bytes. */
function next(socket: Socket): Uint8Array | null {
  return socket.read() as Uint8Array | null
}

void test('bytes stay as they are while their reader has them', async () => {
  await withServer(async (port) => {
    const kept: Uint8Array[] = []
    await readAll(connect(options(port)), (chunk) => kept.push(chunk))
    assert.ok(Buffer.concat(kept).equals(BODY))
  })
})

void test('memory that is given back is read into again, by several sockets at once', async () => {
  await withServer(async (port) => {
    const seen = new Set<ArrayBufferLike>()
    let returned = 0
    await Promise.all(
      [1, 2, 3].map(async () => {
        const held: Uint8Array[] = []
        let at = 0
        const release = (chunk: Uint8Array): void => {
          assert.ok(BODY.subarray(at, at + chunk.length).equals(chunk))
          at += chunk.length
          if (!giveBack(chunk)) return
          returned += 1
          seen.add(chunk.buffer)
        }
        await readAll(connect(options(port)), (chunk) => {
          held.push(chunk)
          // Looked at late: what was lent must not have been read into in between.
          if (held.length > 2) release(held.shift() ?? chunk)
        })
        held.forEach(release)
        assert.equal(at, BODY.length)
      }),
    )
    // Which of the reads fill their buffer is up to the system; three sockets hold nine, three sizes.
    if (returned > 30) assert.ok(seen.size < returned)
  })
})

void test('a part of what was read, and memory of others, are not taken back', async () => {
  assert.equal(giveBack(new Uint8Array(65_536)), false)
  await withServer(async (port) => {
    let whole: Uint8Array | null = null
    await readAll(connect(options(port)), (chunk) => {
      if (chunk.length === chunk.buffer.byteLength && chunk.length >= 65_536) whole ??= chunk
    })
    // Which of the reads fill their buffer is up to the system.
    if (whole === null) return
    const full: Uint8Array = whole
    assert.equal(giveBack(full.subarray(1)), false)
    assert.equal(giveBack(full), true)
    assert.equal(giveBack(full), false)
  })
})
