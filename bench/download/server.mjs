// A server that costs next to nothing, in a process of its own: every request is answered with the
// same bytes, `/gzip` with coded ones, `/small` with a few.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** @returns {Promise<{url: string, close(): Promise<void>}>} */
export async function startRawServer(bytes) {
  const child = fork(fileURLToPath(import.meta.url), [String(bytes)])
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill()
      }),
  }
}

function serve(bytes) {
  const block = randomBytes(1024 * 1024)
  // About two to one.
  const text = Buffer.from(randomBytes(512 * 1024).toString('hex'))
  const member = gzipSync(text)
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const [, path] = data.toString('latin1').split(' ', 2)
      if (path === '/small') answer(socket, block.subarray(0, 1000), 1, '')
      else if (path === '/gzip') answer(socket, member, Math.ceil(bytes / text.length), CODING)
      else answer(socket, block, bytes / block.length, '')
    })
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.once('disconnect', () => process.exit())
}

const CODING = 'Content-Encoding: gzip\r\n'

async function answer(socket, piece, times, coding) {
  const length = piece.length * times
  socket.write(`HTTP/1.1 200 OK\r\n${coding}Content-Length: ${length}\r\n\r\n`)
  for (let sent = 0; sent < times && !socket.destroyed; sent++) {
    if (!socket.write(piece)) await drained(socket)
  }
}

function drained(socket) {
  return new Promise((resolve) => {
    const finish = () => {
      socket.off('drain', finish)
      socket.off('close', finish)
      resolve()
    }
    socket.on('drain', finish)
    socket.on('close', finish)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve(Number(process.argv[2]))
