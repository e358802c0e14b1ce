/**
 * The answer to a request (layer 2): usable wherever a fetch response is expected, with the members
 * of Python's `requests` besides. It is the head; the readers of the body are in
 * `response-content.ts`, their state in `response-body.ts`.
 */
import type { LinkTable } from './decode/links.ts'
import { emptyJar } from './empty-jar.ts'
import { HTTPError, JSONDecodeError } from './call-errors.ts'
import { aboutFault } from './json-fault.ts'
import { Headers } from './headers.ts'
import type { FileSystem, HeaderFields, RuntimeName } from './ports.ts'
import type { PreparedRequest, SentRequest } from './prepared-request.ts'
import { ResponseContent } from './response-content.ts'
import { nativeResponse } from './response-native.ts'
import type { NativeBody } from './response-native.ts'
import { reportHeaders, reportURL } from './response-report.ts'
import type { ResponseReport } from './response-report.ts'
import type { BodyState } from './response-state.ts'
import type { Timings } from './response-timings.ts'
import { isNullBodyStatus } from './status.ts'
import type { CookieStore, HeadersInput } from './types.ts'

export interface ResponseInit {
  readonly status?: number | undefined
  readonly statusText?: string | undefined
  readonly headers?: HeadersInput | Headers | undefined
  readonly url?: string | undefined
  readonly redirected?: boolean | undefined
  readonly request?: SentRequest | null | undefined
  readonly history?: readonly Response[] | undefined
  readonly elapsed?: number | undefined
  readonly httpVersion?: string | null | undefined
  readonly timings?: Timings | null | undefined
}

/** The head of an answer; what is read of it lazily is made when somebody looks. */
export type ResponseHead = {
  readonly [Name in Exclude<keyof ResponseInit, 'headers'>]?: ResponseInit[Name] | undefined
}

/** What only some answers need: all of it is in `response-parts.ts`. */
export interface ResponseParts {
  charsetOf(bytes: Uint8Array, contentType: string | null): string
  parseLinks(header: string | null, baseUrl: string): LinkTable
}

/** What a response knows of where it came from. */
export interface ResponseFacts {
  readonly headers: HeaderFields
  readonly parts: ResponseParts
  readonly createJar: (() => CookieStore) | null
  readonly files: FileSystem | undefined
  readonly runtime: RuntimeName
  /** A content coding was taken off, so that Content-Length and Content-Encoding speak of bytes
   *  that nobody sees. */
  readonly isDecoded: boolean
  readonly degraded: readonly string[]
  /** Further names, lower case, whose values no log may show. */
  readonly secretHeaders: readonly string[]
}

export class Response extends ResponseContent {
  readonly status: number
  readonly statusText: string
  /** Milliseconds from sending to the headers. */
  readonly elapsed: number
  /** `1.1`, `2`; null where the runtime does not tell. */
  readonly httpVersion: string | null
  /** The responses that led here, oldest first. */
  history: readonly Response[]
  /** The next request of a redirect that was not followed. */
  next: PreparedRequest | null = null
  // Private, so that printing a response shows no secrets.
  readonly #head: ResponseHead
  #url: string | null = null
  #request: SentRequest | null = null
  #headers: Headers | null = null
  #cookies: CookieStore | null = null
  readonly #facts: ResponseFacts

  constructor(body: BodyState, head: ResponseHead, facts: ResponseFacts) {
    super(body)
    this.status = head.status ?? 200
    this.statusText = head.statusText ?? ''
    this.history = head.history ?? []
    this.elapsed = head.elapsed ?? 0
    this.httpVersion = head.httpVersion ?? null
    this.#head = head
    this.#facts = facts
  }

  // Fetch's ResponseType, which nobody has without the types of the DOM.
  get type(): 'basic' | 'cors' | 'default' | 'error' | 'opaque' | 'opaqueredirect' {
    return 'default'
  }
  get url(): string {
    this.#url ??= this.#head.url ?? ''
    return this.#url
  }
  /** How long the steps took; null for a response made by hand. */
  get timings(): Timings | null {
    return this.#head.timings ?? null
  }
  /** The snapshot of the last hop; null for a response made by hand. */
  get request(): SentRequest | null {
    this.#request ??= this.#head.request ?? null
    return this.#request
  }
  /** By the runtime itself, or by us. */
  get redirected(): boolean {
    return (this.#head.redirected ?? false) || this.history.length > 0
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }
  get headers(): Headers {
    this.#headers ??= Headers.over(this.#facts.headers)
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
    return this.#facts.parts.parseLinks(this.headers.get('link'), this.url)
  }
  /** The cookies this response set. Empty in browsers, which hide them. */
  get cookies(): CookieStore {
    if (this.#cookies !== null) return this.#cookies
    const jar = this.#facts.createJar?.() ?? emptyJar()
    const url = new URL(this.url)
    for (const header of this.headers.getSetCookie()) void jar.setCookie(header, url)
    this.#cookies = jar
    return jar
  }
  /** Options that had no effect, with `strict: false`. */
  get degraded(): readonly string[] {
    return this.#facts.degraded
  }

  protected override get hasNoBody(): boolean {
    return isNullBodyStatus(this.status) || this.request?.method === 'HEAD'
  }
  protected override field(lower: string): string | null {
    return (this.#headers ?? this.#facts.headers).get(lower)
  }
  protected override charsetOf(bytes: Uint8Array, contentType: string | null): string {
    return this.#facts.parts.charsetOf(bytes, contentType)
  }
  protected override get files(): FileSystem | undefined {
    return this.#facts.files
  }
  protected override get runtime(): RuntimeName {
    return this.#facts.runtime
  }

  /** @throws JSONDecodeError */
  json<T = unknown>(): Promise<T> {
    try {
      const text = this.textAtHand()
      // The caller names the type; nothing here can check it.
      if (text === null) return this.text().then((read) => this.#parse(read) as T)
      return Promise.resolve(this.#parse(text) as T)
    } catch (error) {
      return Promise.reject(error)
    }
  }
  async formData(): Promise<FormData> {
    return this.#native(await this.bytes()).formData()
  }

  /** Shares the bytes of a buffered body; of a streamed one, what only one of the two has read
   *  stays in memory. */
  clone(): Response {
    const copy = new Response(this.teeBody(), this.#head, this.#facts)
    this.copyEncoding(copy)
    copy.#headers = Headers.fromWire(this.headers.pairs())
    copy.#request = this.request
    copy.history = this.history
    copy.next = this.next
    return copy
  }

  /** @throws HTTPError for 4xx and 5xx; otherwise returns the response. */
  raiseForStatus(): this {
    if (this.status < 400) return this
    const kind = this.status < 500 ? 'Client' : 'Server'
    const reason = this.statusText === '' ? '' : `: ${this.statusText}`
    throw new HTTPError(`${String(this.status)} ${kind} Error${reason} for ${this.#where()}`, {
      response: this,
      request:
        this.request === null
          ? undefined
          : { method: this.request.method, url: reportURL(this.url) },
    })
  }

  /** A native Response, for Worker handlers and libraries; a streamed body goes on streaming. */
  toResponse(): globalThis.Response {
    const native = this.#native(this.nativeBody())
    Object.defineProperty(native, 'url', { value: this.url })
    Object.defineProperty(native, 'redirected', { value: this.redirected })
    return native
  }

  /** For logs: what happened, without the body and without secrets. */
  toJSON(): ResponseReport {
    const secret = this.#facts.secretHeaders
    const { request } = this
    return {
      status: this.status,
      statusText: this.statusText,
      url: reportURL(this.url),
      headers: reportHeaders(this.headers.pairs(), this.url, secret),
      elapsed: this.elapsed,
      request: request && {
        method: request.method,
        url: reportURL(request.url),
        headers: reportHeaders(request.headers.pairs(), request.url, secret),
      },
      history: this.history.map(({ status, url }) => [status, reportURL(url)]),
    }
  }

  #native(body: NativeBody): globalThis.Response {
    const { status, statusText } = this
    const decoded = this.#facts.isDecoded
    return nativeResponse(body, { status, statusText, headers: this.headers.pairs(), decoded })
  }
  #parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch (fault) {
      throw new JSONDecodeError(
        `The body of ${this.#where()} is not JSON (${this.headers.get('content-type') ?? 'no content type'}): ${aboutFault(text, fault)}.`,
        { response: this },
      )
    }
  }
  #where(): string {
    return `${this.request?.method ?? 'GET'} ${reportURL(this.url) || '(no URL)'}`
  }
}
