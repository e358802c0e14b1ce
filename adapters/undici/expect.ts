/**
 * Step 6 of 6 for `Expect: 100-continue`, which undici does not send: the body waits until the server
 * wants it (RFC 9110 §10.1.1). Over `node:http`, on a connection of its own that is closed after it.
 */
import { exactClock } from '../../src/deadline-clock.ts'
import { ConnectionError } from '../../src/errors.ts'
import type { Deadline, Ticket, WireRequest, WireResponse } from '../../src/ports.ts'
import { builtin } from '../node/builtins.ts'
import type { ClientRequest, IncomingMessage } from '../node/builtins.ts'
import { BodyStore } from './body.ts'
import { tooLargeWords, translateError } from './errors.ts'
import { contentLength, dispatchOptions, isBodiless, splitHeaders } from './head.ts'
import type { ConnectionPool } from './pool.ts'
import { RawFields } from './raw-fields.ts'
import type { Socket } from './shims.ts'
import { Upload } from './upload.ts'
import type { UploadListener } from './upload.ts'

/** As curl: a server that knows nothing of this gets the body all the same. */
const PATIENCE_MS = 1000

export function sendExpecting(request: WireRequest, pool: ConnectionPool): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    void new Expecting(request, { resolve, reject }).run(pool)
  })
}

interface Outcome {
  resolve(response: WireResponse): void
  reject(reason: unknown): void
}

class Expecting extends BodyStore implements UploadListener {
  protected readonly deadline: Deadline
  readonly #request: WireRequest
  readonly #outcome: Outcome
  #upload: Upload | null = null
  #socket: Socket | null = null
  #message: IncomingMessage | null = null
  #patience: Ticket | null = null
  #stage: 'connect' | 'sent' | 'body' = 'connect'
  #sending = false
  #over = false

  constructor(request: WireRequest, outcome: Outcome) {
    super()
    this.#request = request
    this.#outcome = outcome
    this.deadline = request.deadline
  }

  async run(pool: ConnectionPool): Promise<void> {
    const { deadline, body } = this.#request
    deadline.onFailure((reason) => {
      this.#fail(reason)
    })
    try {
      if (body === null || this.#over) return
      this.#upload = await Upload.open(body)
      deadline.connecting(true)
      await this.#send(pool, this.#upload)
    } catch (error) {
      // What the source of the body throws is the caller's own.
      const own = this.#upload === null
      this.#fail(own ? error : translateError(error, this.#request, this.#stage))
    }
  }

  onSent(sent: number, done = false): void {
    const total = this.#upload?.length ?? (done ? sent : null)
    this.deadline.sent = sent
    if (sent > 0) this.#request.onSent?.(sent, total, 'socket')
    if (this.#stage === 'sent') this.deadline.waiting()
  }

  onPull(): void {
    if (this.#stage === 'sent') this.deadline.idle()
  }

  onBroken(): void {
    // HTTP/1.1: the connection is cut.
  }

  protected pauseSocket(): void {
    this.#message?.pause()
  }

  protected resumeSocket(): void {
    this.#message?.resume()
  }

  protected giveUp(reason: unknown): void {
    this.#fail(reason)
  }

  protected tooLarge(limit: number): string {
    return tooLargeWords(this.#request, limit)
  }

  async #send(pool: ConnectionPool, upload: Upload): Promise<void> {
    const split = splitHeaders(this.#request, upload.type)
    const route = pool.plan(this.#request, split.authorization)
    const { length } = upload
    const content = { headers: split.headers, body: null, length }
    const options = dispatchOptions(this.#request, route, content)
    const headers = [...options.headers]
    if (length === null) headers.push('transfer-encoding', 'chunked')
    if (this.#request.host === null && route.kind !== 'forward') {
      headers.push('host', this.#request.url.host)
    }
    headers.push('expect', '100-continue', 'connection', 'close')
    const socket = await pool.connect(this.#request, route, this.#hold)
    this.#hold(socket)
    if (this.#over) return
    this.#stage = 'sent'
    this.deadline.waiting()
    const { path, method } = options
    const settings = { createConnection: () => socket, path, method, headers, maxHeaderSize: 65536 }
    this.#listen(builtin('http').request(settings), upload)
  }

  /** From its beginning on: one that nobody waits for would keep the process alive. */
  readonly #hold = (socket: Socket): void => {
    this.#socket = socket
    if (this.#over) socket.destroy()
  }

  #listen(request: ClientRequest, upload: Upload): void {
    const goOn = (): void => {
      if (this.#sending || this.#stage !== 'sent' || this.#over) return
      this.#sending = true
      this.#patience?.cancel()
      void this.#pour(request, upload)
    }
    request.on('continue', goOn)
    request.on('response', (message) => {
      this.#answer(message)
    })
    request.on('error', (error) => {
      this.#fail(upload.failure?.error ?? translateError(error, this.#request, this.#stage))
    })
    request.flushHeaders()
    this.#patience = exactClock().start(goOn, PATIENCE_MS)
  }

  async #pour(request: ClientRequest, upload: Upload): Promise<void> {
    try {
      const { bytes } = upload
      if (bytes !== null) {
        request.write(bytes)
        this.onSent(bytes.length, true)
      } else await this.#pourStream(request, upload)
      if (!this.#over && this.#stage === 'sent') request.end()
    } catch (error) {
      this.#fail(upload.failure === null ? error : upload.failure.error)
    }
  }

  async #pourStream(request: ClientRequest, upload: Upload): Promise<void> {
    for await (const chunk of upload.stream(this)) {
      if (this.#over || this.#stage !== 'sent') return
      if (!request.write(chunk)) await drained(request)
    }
  }

  /** A final answer; what has not been sent by now is not wanted. */
  #answer(message: IncomingMessage): void {
    if (this.#over) return
    this.#stage = 'body'
    this.#message = message
    this.#patience?.cancel()
    this.#upload?.close(new Error('The server has answered: the rest of the body is not wanted.'))
    const headers = new RawFields(message.rawHeaders)
    if (!isBodiless(this.#request.method, message.statusCode)) this.expect(contentLength(headers))
    if (this.#request.stream) this.deadline.idle()
    else this.deadline.waiting()
    message.on('data', (chunk) => {
      this.push(chunk)
    })
    message.on('close', () => {
      if (message.complete) this.#finish()
      else this.#fail(translateError(new Error('cut'), this.#request, 'body'))
    })
    this.#outcome.resolve({
      status: message.statusCode,
      statusText: message.statusMessage,
      headers,
      undone: [],
      url: null,
      redirected: false,
      httpVersion: '1.1',
      body: this,
    })
  }

  #finish(): void {
    if (this.#over) return
    this.#release()
    this.endBody()
  }

  #fail(reason: unknown): void {
    if (this.#over) return
    this.#release(reason)
    if (this.#stage === 'body') this.failBody(reason)
    else this.#outcome.reject(reason)
  }

  #release(reason?: unknown): void {
    this.#over = true
    this.#patience?.cancel()
    this.#upload?.close(reason)
    this.deadline.onFailure(null)
    this.deadline.end()
    this.#socket?.destroy()
  }
}

/** Resolves when the socket has taken all; rejects when it is gone. */
function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new ConnectionError('The connection was closed while the body was sent.'))
    }
    request.once('close', fail)
    request.once('drain', () => {
      // Else each of them would stay until the end.
      request.off('close', fail)
      resolve()
    })
  })
}
