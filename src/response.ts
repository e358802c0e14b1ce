/**
 * The answer to a request (layer 2): usable wherever a fetch response is expected, with the members
 * of Python's `requests` besides. It holds members only: state is in `response-body.ts`, iteration
 * in `response-iterate.ts`.
 */
import { describe, encodeText, isArrayBuffer, viewBytes } from './bytes.ts'
import { charsetOf, decodeText } from './decode/charset.ts'
import { parseLinks } from './decode/links.ts'
import type { LinkTable } from './decode/links.ts'
import { emptyJar } from './empty-jar.ts'
import { HTTPError, JSONDecodeError } from './errors.ts'
import { Headers } from './headers.ts'
import type { FileSystem, HeaderPairs, RuntimeName } from './ports.ts'
import type { PreparedRequest, SentRequest } from './prepared-request.ts'
import { ResponseBody } from './response-body.ts'
import { iterateChunks, iterateLines, RawBody } from './response-iterate.ts'
import { saveBody } from './response-save.ts'
import type { SaveDestination } from './response-save.ts'
import { isNullBodyStatus } from './status.ts'
import type { CookieStore, HeadersInput } from './types.ts'
import { unsupported } from './unsupported.ts'
import { redactURL } from './url.ts'
import { webType } from './web.ts'

export type ResponseInput =
  string | ArrayBuffer | ArrayBufferView | Blob | ReadableStream<Uint8Array> | null

export interface ResponseInit {
  readonly status?: number
  readonly statusText?: string
  readonly headers?: HeadersInput | Headers
  readonly url?: string
  readonly redirected?: boolean
  readonly request?: SentRequest | null
  readonly history?: readonly Response[]
  readonly elapsed?: number
  readonly httpVersion?: string | null
}

/** What only a response that came over a wire has. */
export interface WireFacts {
  readonly headers: HeaderPairs
  readonly body: ResponseBody
  readonly createJar: (() => CookieStore) | null
  readonly files: FileSystem | undefined
  readonly runtime: RuntimeName
  /** A content coding was taken off, so that Content-Length and Content-Encoding speak of bytes
   *  that nobody sees. */
  readonly decoded: boolean
  readonly degraded: readonly string[]
}

export class Response {
  readonly status: number
  readonly statusText: string
  readonly url: string
  /** The snapshot of the last hop; null for a response made by hand. */
  readonly request: SentRequest | null
  /** Milliseconds from sending to the headers. */
  readonly elapsed: number
  /** `1.1`, `2`; null where the runtime does not tell. */
  readonly httpVersion: string | null
  /** The responses that led here, oldest first. */
  history: readonly Response[]
  /** The next request of a redirect that was not followed. */
  next: PreparedRequest | null = null
  #headers: Headers | null = null
  #encoding: string | null = null
  /** The runtime followed redirects by itself. */
  readonly #followed: boolean
  #cookies: CookieStore | null = null
  readonly #wire: WireFacts | null
  readonly #body: ResponseBody

  constructor(body: ResponseInput = null, init: ResponseInit = {}, wire: WireFacts | null = null) {
    this.status = init.status ?? 200
    this.statusText = init.statusText ?? ''
    this.url = init.url ?? ''
    this.#followed = init.redirected ?? false
    this.request = init.request ?? null
    this.history = init.history ?? []
    this.elapsed = init.elapsed ?? 0
    this.httpVersion = init.httpVersion ?? null
    this.#wire = wire
    this.#headers = wire === null ? new Headers(init.headers) : null
    this.#body = wire?.body ?? bodyFromInput(body)
  }

  get type(): ResponseType {
    return 'default'
  }
  get redirected(): boolean {
    return this.#followed || this.history.length > 0
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }
  get headers(): Headers {
    this.#headers ??= Headers.fromWire(this.#wire?.headers ?? [])
    return this.#headers
  }
  get isRedirect(): boolean {
    return [301, 302, 303, 307, 308].includes(this.status) && this.headers.has('location')
  }
  get isPermanentRedirect(): boolean {
    return (this.status === 301 || this.status === 308) && this.headers.has('location')
  }
  /** The Link header by `rel`, or by URL where there is none (RFC 8288). */
  get links(): LinkTable {
    return parseLinks(this.headers.get('link'), this.url)
  }
  /** The cookies this response set. Empty in browsers, which hide them. */
  get cookies(): CookieStore {
    if (this.#cookies !== null) return this.#cookies
    const jar = this.#wire?.createJar?.() ?? emptyJar()
    const url = new URL(this.url)
    for (const header of this.headers.getSetCookie()) void jar.setCookie(header, url)
    this.#cookies = jar
    return jar
  }
  /** Options that had no effect, with `strict: false`. */
  get degraded(): readonly string[] {
    return this.#wire?.degraded ?? []
  }

  /** The charset for `text()`: from the Content-Type, a BOM or the document, else UTF-8. Settable. */
  get encoding(): string {
    const known = this.#body.isBuffered ? this.#body.content : new Uint8Array(0)
    return this.#encoding ?? charsetOf(known, this.headers.get('content-type'))
  }
  set encoding(label: string) {
    this.#encoding = new TextDecoder(label).encoding
  }

  /** All bytes. @throws BodyNotReadError with `stream: true` before the body was read. */
  get content(): Uint8Array {
    return this.#body.content
  }
  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#isNull ? null : this.#body.stream()
  }
  get bodyUsed(): boolean {
    return this.#body.used
  }
  /** The bytes before content decoding, with `stream: true`; `raw.read(n)` gives exactly n. */
  get raw(): RawBody {
    return new RawBody(this.#body.rawReader())
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // Bytes from a socket are never on shared memory, which the type allows.
    return (await this.#body.take()) as Uint8Array<ArrayBuffer>
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).slice().buffer
  }
  async text(): Promise<string> {
    return decodeText(await this.#body.take(), this.headers.get('content-type'), this.#encoding)
  }
  /** @throws JSONDecodeError */
  async json<T = unknown>(): Promise<T> {
    const text = await this.text()
    try {
      // The caller names the type; nothing here can check it.
      return JSON.parse(text) as T
    } catch (cause) {
      const shown = JSON.stringify(text.slice(0, 80))
      throw new JSONDecodeError(
        `The body of ${this.#where()} is not JSON (${this.headers.get('content-type') ?? 'no content type'}); it begins ${shown}.`,
        { cause, response: this },
      )
    }
  }
  async blob(): Promise<Blob> {
    const BlobType = webType('Blob')
    if (BlobType === undefined) throw unsupported('blob()', 'this engine', 'Use bytes().')
    return new BlobType([await this.bytes()], { type: this.headers.get('content-type') ?? '' })
  }
  async formData(): Promise<FormData> {
    return this.#native(await this.bytes()).formData()
  }

  /** Shares the bytes of a buffered body; of a streamed one, what only one of the two has read
   *  stays in memory. */
  clone(): Response {
    const body = this.#body.tee()
    const copy = new Response(null, this, this.#facts(body))
    copy.#encoding = this.#encoding
    copy.next = this.next
    return copy
  }

  /** Chunks of exactly `chunkSize` bytes, the last one shorter; without a size as they arrive. */
  iterContent(chunkSize?: number): AsyncGenerator<Uint8Array, void> {
    return iterateChunks(this.#body.reader(), chunkSize)
  }
  /** Lines of text, without their ends: `\n`, `\r\n` or `\r`. */
  iterLines(): AsyncGenerator<string, void> {
    return iterateLines(this.#body.reader(), this.#encoding, this.headers.get('content-type'))
  }
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    return this.iterContent()
  }
  /**
   * Writes the body to a path (Node, Deno, Bun), a FileSystemFileHandle or a WritableStream. Under
   * the final name there is the whole body or nothing. Resolves to the path, or the handle's name.
   */
  save(destination: SaveDestination): Promise<string> {
    return saveBody(
      this.#body.reader(),
      destination,
      this.#wire?.files,
      this.#wire?.runtime ?? 'fetch',
    )
  }

  /** @throws HTTPError for 4xx and 5xx; otherwise returns the response. */
  raiseForStatus(): this {
    if (this.status < 400) return this
    const kind = this.status < 500 ? 'Client' : 'Server'
    const reason = this.statusText === '' ? '' : `: ${this.statusText}`
    throw new HTTPError(`${String(this.status)} ${kind} Error${reason} for ${this.#where()}`, {
      response: this,
      request:
        this.request === null ? undefined : { method: this.request.method, url: redact(this.url) },
    })
  }

  /** Gives the body up; the connection is freed. */
  close(): Promise<void> {
    this.#body.cancel()
    return Promise.resolve()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** A native Response, for Worker handlers and libraries; a streamed body goes on streaming. */
  toResponse(): globalThis.Response {
    const native = this.#native(this.#isNull ? null : this.#nativeBody())
    Object.defineProperty(native, 'url', { value: this.url })
    Object.defineProperty(native, 'redirected', { value: this.redirected })
    return native
  }

  /** Reads the body now and keeps it, as a call without `stream: true` does. */
  async buffer(): Promise<this> {
    await this.#body.buffer()
    return this
  }
  /** Gives the body up, but saves the connection where little of it is left. */
  discard(): Promise<void> {
    return this.#body.discard()
  }

  get #isNull(): boolean {
    return isNullBodyStatus(this.status) || this.request?.method === 'HEAD'
  }
  #nativeBody(): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> {
    // As in `bytes`.
    return this.#body.isBuffered
      ? (this.#body.content as Uint8Array<ArrayBuffer>)
      : this.#body.stream()
  }
  #native(
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null,
  ): globalThis.Response {
    const Native = webType('Response')
    if (Native === undefined || this.status < 200 || this.status > 599) {
      throw unsupported(
        `A native Response of status ${String(this.status)}`,
        'this engine',
        'Use the response itself.',
      )
    }
    const left = this.#wire?.decoded === true ? ['content-encoding', 'content-length'] : []
    const pairs = this.headers.pairs().filter(([name]) => !left.includes(name.toLowerCase()))
    const init = {
      status: this.status,
      statusText: this.statusText,
      headers: pairs.map(([n, v]): [string, string] => [n, v]),
    }
    return new Native(body, init)
  }
  #facts(body: ResponseBody): WireFacts {
    const wire = this.#wire
    return {
      headers: this.headers.pairs(),
      body,
      createJar: wire?.createJar ?? null,
      files: wire?.files,
      runtime: wire?.runtime ?? 'fetch',
      decoded: wire?.decoded ?? false,
      degraded: wire?.degraded ?? [],
    }
  }
  #where(): string {
    return `${this.request?.method ?? 'GET'} ${redact(this.url)}`
  }
}

function redact(url: string): string {
  return url === '' ? '(no URL)' : redactURL(new URL(url))
}

function bodyFromInput(input: ResponseInput): ResponseBody {
  if (input === null) return new ResponseBody(new Uint8Array(0))
  if (typeof input === 'string') return new ResponseBody(encodeText(input))
  if (ArrayBuffer.isView(input) || isArrayBuffer(input)) return new ResponseBody(viewBytes(input))
  if (typeof input === 'object' && 'getReader' in input) {
    return ResponseBody.overStream(input)
  }
  if (typeof input === 'object' && typeof input.stream === 'function') {
    return ResponseBody.overStream(input.stream())
  }
  throw new TypeError(
    `A response body is text, bytes, a Blob or a ReadableStream, not ${describe(input)}.`,
  )
}
