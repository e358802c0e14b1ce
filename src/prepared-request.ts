/**
 * A request that is complete (layer 2; handed from step 2 to step 3): what `requests` calls a
 * PreparedRequest. Everything may be changed between `prepare` and `send`.
 */
import { BasicAuth } from './auth/basic.ts'
import { encodeBody } from './body/from-input.ts'
import { Headers } from './headers.ts'
import type { AnyHooks } from './hooks.ts'
import type { BodySource, HeaderPairs } from './ports.ts'
import { memoryBody, readBody } from './prepared-body.ts'
import { curlLine } from './prepared-curl.ts'
import type { SecretsOption } from './prepared-hide.ts'
import type { PreparedInit } from './prepared-init.ts'
import { readJSON, writeJSON } from './prepared-json.ts'
import type { PreparedJSON } from './prepared-json.ts'
import { nativeRequest } from './prepared-native.ts'
import { applyNow, checkMethod, isImmediate } from './prepared-parts.ts'
import type { Auth, CookiesInput, DataInput, HeadersInput, URLInput } from './types.ts'
import { appendParams, resolveURL, takeUserInfo } from './url.ts'

export type { PreparedInit } from './prepared-init.ts'

/** What was sent in one hop; secrets are in it, as they were on the wire. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: BodySource | null
}

export class PreparedRequest {
  #method: string
  #url: URL
  /** Null until somebody looks at them: most requests are sent as they were prepared. */
  #headers: Headers | null = null
  /** What was prepared, checked and final while there are no `#headers`. */
  #pairs: HeaderPairs
  #body: BodySource | null
  readonly #secretHeaders: readonly string[]
  // Private, so that no log shows them.
  #auth: Auth | null
  #cookies: CookiesInput | null
  /** Run between the session's and those given to `send`; `null` switches the session's off. */
  hooks: AnyHooks | null | undefined

  /** What `toJSON` wrote, ready to be sent again. @throws TypeError where secrets were left out */
  static fromJSON(json: PreparedJSON | string): PreparedRequest {
    const { body, url, headers, ...rest } = readJSON(json)
    return new PreparedRequest({
      ...rest,
      headers: new Headers(headers).pairs(),
      url: absoluteURL(url),
      body: body === null ? null : memoryBody(body),
      auth: null,
    })
  }

  constructor(init: PreparedInit) {
    this.#method = checkMethod(init.method)
    this.#url = init.url
    this.#secretHeaders = init.secretHeaders ?? []
    this.#pairs = init.headers
    this.#body = init.body
    this.#auth = init.auth
    this.#cookies = init.cookies
    this.hooks = init.hooks
    this.#takeUserInfo()
    if (init.auth !== null && isImmediate(init.auth)) this.#applyNow(init.auth)
  }

  get method(): string {
    return this.#method
  }
  /** Upper-cased for the methods of RFC 9110 and PATCH, kept as it is otherwise. */
  set method(method: string) {
    this.#method = checkMethod(method)
  }

  /** Absolute, with query and fragment, without user-info. */
  get url(): string {
    return this.#url.href
  }
  set url(url: URLInput) {
    this.#url = absoluteURL(url)
    this.#takeUserInfo()
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#pairs)
    return this.#headers
  }
  set headers(headers: HeadersInput | Headers) {
    this.#headers = new Headers(headers)
  }

  get body(): BodySource | null {
    return this.#body
  }
  /** Any body input; framing follows the body, a Content-Type that is there stays. */
  set body(input: DataInput | undefined) {
    const { source, contentType } = encodeBody({ data: input ?? null })
    this.#body = source
    if (contentType === null) return
    // A boundary that is there belongs to another body.
    if (contentType.startsWith('multipart/') || !this.headers.has('content-type')) {
      this.headers.set('Content-Type', contentType)
    }
  }

  /** Auth that answers challenges or signs: applied when the request is sent. */
  get auth(): Auth | null {
    return this.#auth
  }
  set auth(value: Auth | null) {
    this.#auth = value
  }

  /** Cookies of this request alone, besides the session's. */
  get cookies(): CookiesInput | null {
    return this.#cookies
  }
  set cookies(value: CookiesInput | null) {
    this.#cookies = value
  }

  addParams(params: Parameters<typeof appendParams>[1]): void {
    appendParams(this.#url, params)
  }

  /** A request of its own: later changes to this one do not touch it. */
  copy(): PreparedRequest {
    return new PreparedRequest({ ...this.snapshot() })
  }

  /** Frozen: what one `send` works with. */
  snapshot(): PreparedInit {
    return {
      method: this.#method,
      url: new URL(this.#url),
      headers: this.#headers === null ? this.#pairs : this.#headers.pairs(),
      body: this.#body,
      auth: this.#auth,
      cookies: this.#cookies,
      hooks: this.hooks,
      secretHeaders: this.#secretHeaders,
    }
  }

  /** Reads a body that is not in memory (a Blob, a file, a stream) into it. */
  async bufferBody(): Promise<this> {
    if (this.#body !== null) this.#body = memoryBody(await readBody(this.#body))
    return this
  }

  /** A native Request of the same method, URL, headers, cookies and body. */
  toRequest(): globalThis.Request {
    return nativeRequest(this.snapshot())
  }

  /** A line for a POSIX shell. What carries credentials is hidden unless `secrets` is true. */
  toCurl(options?: SecretsOption): string {
    return curlLine(this.snapshot(), options)
  }

  /**
   * A plain object that `PreparedRequest.fromJSON` takes, without auth flows and hooks. What carries
   * credentials is hidden unless `secrets` is true, since logs are made by `JSON.stringify` too.
   */
  toJSON(options?: SecretsOption | string): PreparedJSON {
    return writeJSON(this.snapshot(), typeof options === 'object' ? options : undefined)
  }

  /** As in a URL that is given to a call: it becomes Basic auth, and is seen nowhere else. */
  #takeUserInfo(): void {
    const userInfo = takeUserInfo(this.#url)
    if (userInfo !== null) this.#applyNow(new BasicAuth(userInfo[0], userInfo[1]))
  }

  #applyNow(auth: Auth): void {
    const parts = { method: this.#method, url: this.#url, body: this.#body }
    if (applyNow(auth, parts, this.headers)) this.auth = null
  }
}

function absoluteURL(url: URLInput): URL {
  return resolveURL(url, { baseUrl: null, allowAbsoluteUrls: true, page: null })
}
