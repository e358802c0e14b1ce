/** The recorder: exact bytes in, scripted bytes out, and what became of the connections. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { createControl, createRecorder, headValues, httpAnswer } from '../../harness/recorder.ts'
import type { RecorderClient } from '../../harness/recorder.ts'
import { startServers } from '../../server/servers.ts'
import type { RunningServers } from '../../server/servers.ts'

let running: RunningServers
let recorder: RecorderClient

before(async () => {
  running = await startServers()
  const call = async (url: string, options: RequestInit): Promise<string> =>
    (await fetch(url, options)).text()
  recorder = createRecorder(createControl(running.servers, call))
})

after(async () => {
  await running.close()
})

/** Connects, writes, and gives everything that comes until the other side ends. */
class RawClient {
  readonly socket: Socket
  #received = ''
  #ended = false
  #changed: () => void = () => undefined

  constructor(url: string) {
    this.socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
    this.socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1')
      this.#changed()
    })
    for (const event of ['end', 'error', 'close'])
      this.socket.on(event, () => {
        this.#ended = true
        this.#changed()
      })
  }

  async until(test: RegExp | 'end'): Promise<string> {
    while (test === 'end' ? !this.#ended : !test.test(this.#received)) {
      assert.ok(!this.#ended || test === 'end', `ended after ${this.#received}`)
      await new Promise<void>((resolve) => (this.#changed = resolve))
    }
    return this.#received
  }
}

function pathOf(url: string): string {
  return new URL(url).pathname
}

test('head and body are kept byte by byte, chunked is not decoded', async () => {
  const recording = await recorder.play()
  const client = new RawClient(recording.url)
  const body = '3;x=y\r\nab\u00ff\r\n0\r\nT: 1\r\n\r\n'
  const head = `POST ${pathOf(recording.url)}/more?q=%20 HTTP/1.1\r\nhost: a\r\nX-É:  two\r\nTransfer-Encoding: chunked`
  for (const char of `${head}\r\n\r\n${body}`) client.socket.write(char, 'latin1')
  await client.until(/ok$/)
  const [request] = await recording.requests({ complete: 1 })
  assert.equal(request?.head, head)
  assert.equal(Buffer.from(request.bodyBase64, 'base64').toString('latin1'), body)
  assert.equal(Buffer.from(request.contentBase64, 'base64').toString('latin1'), 'ab\u00ff')
  assert.equal(request.framing, 'chunked')
  assert.equal(request.closed, 'open')
  assert.deepEqual(headValues(request.head, 'HOST'), ['a'])
  client.socket.destroy()
  const [closed] = await recording.requests({ closed: 1 })
  assert.equal(closed?.closed, 'end')
})

test('pipelined requests on one connection get their answers in order', async () => {
  const recording = await recorder.play({
    answers: [
      { send: [{ delay: 20 }, httpAnswer(200, {}, 'first')] },
      { send: httpAnswer(200, {}, 'second') },
    ],
  })
  const client = new RawClient(recording.url)
  const request = `POST ${pathOf(recording.url)} HTTP/1.1\r\nContent-Length: 2\r\n\r\nxx`
  client.socket.write(request + request)
  assert.match(await client.until(/second/), /first[^]*second/)
  const requests = await recording.requests({ complete: 2 })
  assert.equal(requests[0]?.connection, requests[1]?.connection)
  client.socket.destroy()
})

test('an answer may come before the body, and a request may never be complete', async () => {
  const recording = await recorder.play({
    answers: [{ after: 'head', send: httpAnswer(413), then: 'end' }],
  })
  const client = new RawClient(recording.url)
  client.socket.write(`POST ${pathOf(recording.url)} HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc`)
  assert.match(await client.until('end'), /^HTTP\/1\.1 413 /)
  const [request] = await recording.requests({ heads: 1 })
  assert.equal(request?.complete, false)
  assert.equal(request.contentLength, 3)
  assert.equal(request.closed, 'server')
  client.socket.destroy()
})

test('after so many bytes of the body, a reset', async () => {
  const recording = await recorder.play({ answers: [{ after: 'bytes:5', then: 'reset' }] })
  const client = new RawClient(recording.url)
  client.socket.write(`PUT ${pathOf(recording.url)} HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc`)
  await recording.requests({ heads: 1 })
  client.socket.write('defg')
  await client.until('end')
  const [request] = await recording.requests({ closed: 1 })
  assert.equal(request?.complete, false)
})

test('a gate holds an answer until it is released', async () => {
  const recording = await recorder.play({
    answers: [
      {
        send: ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab', { gate: true }, 'cd'],
        then: 'end',
      },
    ],
  })
  const client = new RawClient(recording.url)
  client.socket.write(`GET ${pathOf(recording.url)} HTTP/1.1\r\n\r\n`)
  assert.match(await client.until(/ab/), /ab$/)
  await recording.release()
  assert.match(await client.until('end'), /abcd$/)
})

test('CORS fields are added for an Origin unless the script is verbatim', async () => {
  const send = ['HTTP/1.1 103 Early Hints\r\n\r\n', httpAnswer(200, { 'X-A': '1' }, 'x')]
  for (const verbatim of [false, true]) {
    const recording = await recorder.play({ answers: [{ send, then: 'end' }], verbatim })
    const client = new RawClient(recording.url)
    client.socket.write(`GET ${pathOf(recording.url)} HTTP/1.1\r\nOrigin: http://a.b\r\n\r\n`)
    const text = await client.until('end')
    assert.ok(text.startsWith('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 Scripted\r\n'))
    assert.equal(
      text.includes('200 Scripted\r\nAccess-Control-Allow-Origin: http://a.b\r\n'),
      !verbatim,
    )
  }
})

test('a preflight is answered and not recorded, the request after it is', async () => {
  const recording = await recorder.play({ answers: [{ send: httpAnswer(200, {}, 'yes') }] })
  const client = new RawClient(recording.url)
  const path = pathOf(recording.url)
  client.socket.write(
    `OPTIONS ${path} HTTP/1.1\r\nOrigin: http://a.b\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-y\r\n\r\n`,
  )
  assert.match(await client.until(/\r\n\r\n/), /^HTTP\/1\.1 204 [^]*Allow-Headers: x-y\r\n/)
  client.socket.write(`OPTIONS ${path} HTTP/1.1\r\n\r\n`)
  await client.until(/yes$/)
  assert.equal((await recording.requests({ complete: 1 })).length, 1)
  client.socket.destroy()
})

test('what is no HTTP, a script that is over and an unknown one do no harm', async () => {
  const noise = new RawClient(running.servers.raw)
  noise.socket.write('\x16\x03\x01 nonsense\r\n\r\n')
  await noise.until('end')
  const recording = await recorder.play({ answers: [{ send: httpAnswer(204) }] })
  assert.equal((await fetch(`${recording.url}?a`)).status, 204)
  assert.equal((await fetch(recording.url)).status, 500)
  assert.equal((await fetch(`${running.servers.raw}/r/none`)).status, 404)
})

test('a script with a mistake is refused by name', async () => {
  const body = JSON.stringify({ answers: [{ then: 'explode' }] })
  const answer = await fetch(`${running.servers.control}/record`, { method: 'POST', body })
  assert.equal(answer.status, 400)
  assert.match(await answer.text(), /keep, end, reset or hang, not explode/)
})

test('waiting in vain says what was seen', async () => {
  const recording = await recorder.play()
  await fetch(recording.url)
  const answer = await fetch(
    `${running.servers.control}/record/${pathOf(recording.url).slice(3)}?wait=2&timeout=10`,
  )
  assert.equal(((await answer.json()) as { timedOut: boolean }).timedOut, true)
})
