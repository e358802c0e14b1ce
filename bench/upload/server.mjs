// A server that reads requests as fast as a socket gives them and answers `200`: it measures those
// who send. It runs as a process of its own and prints its URL.
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')
const END_OF_CHUNKS = Buffer.from('0\r\n\r\n')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const server = createServer({ noDelay: true }, serve)
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}`)
  })
}

function serve(socket) {
  let head = Buffer.alloc(0)
  /** Bytes to come; null while the head is read, Infinity while chunks are. */
  let rest = null
  let tail = Buffer.alloc(0)
  const end = () => {
    socket.write(ANSWER)
    head = tail = Buffer.alloc(0)
    rest = null
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    if (rest === null) {
      head = Buffer.concat([head, data])
      const at = head.indexOf('\r\n\r\n')
      if (at === -1) return
      const fields = head.subarray(0, at).toString('latin1').toLowerCase()
      data = head.subarray(at + 4)
      if (fields.includes('expect: 100-continue')) socket.write(CONTINUE)
      const length = /content-length: *(\d+)/.exec(fields)
      rest = length === null ? (fields.includes('chunked') ? Infinity : 0) : Number(length[1])
    }
    if (rest === Infinity) {
      tail = data.length >= 5 ? data.subarray(-5) : Buffer.concat([tail, data]).subarray(-5)
      if (tail.equals(END_OF_CHUNKS)) end()
      return
    }
    rest -= data.length
    if (rest <= 0) end()
  })
}
