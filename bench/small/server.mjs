// The server of the small requests: canned bytes from a plain socket, in a process of its own, fast
// enough not to be the limit (one core answers more than 90,000 requests a second).
import { fork } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** @returns {Promise<{url: string, close(): Promise<void>}>} */
export async function startServer() {
  const child = fork(fileURLToPath(import.meta.url), ['serve'])
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

const JSON_BODY = JSON.stringify({ id: 42, name: 'ubiquest', tags: ['a', 'b'], ok: true })
const END_OF_HEAD = '\r\n\r\n'

function answer(status, headers, body) {
  const fields = ['Content-Type: application/json', ...headers, `Content-Length: ${body.length}`]
  return Buffer.from(`HTTP/1.1 ${status}\r\n${fields.join('\r\n')}${END_OF_HEAD}${body}`, 'latin1')
}

const fifty = Array.from(
  { length: 50 },
  (_, n) => `Set-Cookie: name${n}=value-of-cookie-${n}; Path=/`,
)
const hundred = Array.from({ length: 100 }, (_, n) => `X-Field-${n}: the value of field ${n}`)

const items = Array.from({ length: 40 }, (_, id) => ({
  id,
  name: `the name of item ${id}`,
  on: true,
}))
const GZIP = gzipSync(JSON.stringify({ id: 42, items })).toString('latin1')

const ANSWERS = new Map([
  ['/json', answer('200 OK', [], JSON_BODY)],
  ['/login', answer('200 OK', ['Set-Cookie: sid=0123456789abcdef; Path=/; HttpOnly'], JSON_BODY)],
  ['/login50', answer('200 OK', fifty, JSON_BODY)],
  ['/headers', answer('200 OK', hundred, JSON_BODY)],
  ['/gzip', answer('200 OK', ['Content-Encoding: gzip'], GZIP)],
  ['/hop1', answer('302 Found', ['Location: /hop2'], '')],
  ['/hop2', answer('302 Found', ['Location: /hop3'], '')],
  ['/hop3', answer('302 Found', ['Location: /json'], '')],
])
/** The beginning of a longer body: the rest never comes. */
const HELD = Buffer.concat([
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 1048576${END_OF_HEAD}`),
  Buffer.alloc(16_384, 'x'),
])
ANSWERS.set('/hold', HELD)
const NOT_FOUND = answer('404 Not Found', [], '{}')

function serve() {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      rest = rest === '' ? data.latin1Slice() : rest + data.latin1Slice()
      for (let end = endOfRequest(rest); end !== -1; end = endOfRequest(rest)) {
        socket.write(answerTo(rest))
        rest = rest.length === end ? '' : rest.slice(end)
      }
    })
  })
  server.listen(0, '127.0.0.1', 1024, () => process.send(server.address().port))
  process.once('disconnect', () => process.exit())
}

function answerTo(request) {
  const from = request.indexOf(' ') + 1
  return ANSWERS.get(request.slice(from, request.indexOf(' ', from))) ?? NOT_FOUND
}

/** Where the first request of the text ends; -1 while it is not complete. */
function endOfRequest(text) {
  if (text === '') return -1
  const head = text.indexOf(END_OF_HEAD)
  if (head === -1) return -1
  const body = head + END_OF_HEAD.length
  if (text.startsWith('GET ')) return body
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))
  if (length !== null)
    return text.length >= body + Number(length[1]) ? body + Number(length[1]) : -1
  const last = text.indexOf('0\r\n\r\n', body)
  return last === -1 ? -1 : last + 5
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve()
