/** What sockets hand to readers that wait, with sockets of this runtime. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import { handOver } from '../../../../adapters/undici/hand-over.ts'
import { onRead } from '../../../../adapters/node/read-memory.ts'

/** A connection that is read by `read`, and what the other side does with its own end. */
async function withConnection(
  answer: (socket: Socket) => void,
  read: (socket: Socket) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // Its declaration knows no null, which Node takes.
  const intoMemory = { onread: onRead } as unknown as object
  try {
    for (const options of [{}, intoMemory]) {
      const socket = connect({ port, host: '127.0.0.1', ...options })
      handOver(socket)
      await read(socket)
      socket.destroy()
    }
  } finally {
    server.close()
  }
}

/** Without an encoding, `read()` gives bytes. */
function next(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null
}

void test('a reader that waits is given what came, which the stream never stores', async () => {
  await withConnection(
    (peer) => peer.write('first'),
    async (socket) => {
      const found = new Promise((resolve) => {
        socket.on('readable', () => {
          const stored = socket.readableLength
          const bytes = next(socket)
          if (bytes !== null) resolve([bytes.toString(), stored, next(socket)])
        })
      })
      assert.deepEqual(await found, ['first', 0, null])
    },
  )
})

void test('what a reader puts back comes before what is sent next', async () => {
  await withConnection(
    (peer) => {
      peer.on('data', (asked) => peer.write(`${asked.toString()};`))
    },
    async (socket) => {
      let text = ''
      const done = new Promise<void>((resolve) => {
        let calls = 0
        socket.on('readable', () => {
          calls += 1
          for (let bytes = next(socket); bytes !== null; bytes = next(socket)) {
            if (calls === 1) {
              socket.unshift(bytes.subarray(1))
              text += bytes.subarray(0, 1).toString()
              socket.write('cd')
              return
            }
            text += bytes.toString()
          }
          if (text.length === 6) resolve()
        })
      })
      socket.write('ab')
      await done
      assert.equal(text, 'ab;cd;')
    },
  )
})

void test('what a reader does not take waits for it, as does the end', async () => {
  await withConnection(
    (peer) => peer.end('kept'),
    async (socket) => {
      let paused = true
      socket.on('readable', () => {
        if (paused) return
        for (let bytes = next(socket); bytes !== null; bytes = next(socket)) texts.push(bytes)
      })
      const texts: Buffer[] = []
      await once(socket, 'readable')
      assert.deepEqual(texts, [])
      paused = false
      const ended = once(socket, 'end')
      socket.emit('readable')
      await ended
      assert.equal(Buffer.concat(texts).toString(), 'kept')
    },
  )
})

void test('sockets that nobody reads by events flow as ever', async () => {
  await withConnection(
    (peer) => peer.end('flowing'),
    async (socket) => {
      const texts: Buffer[] = []
      socket.on('data', (bytes: Buffer) => texts.push(bytes))
      await once(socket, 'end')
      assert.equal(Buffer.concat(texts).toString(), 'flowing')
    },
  )
})
