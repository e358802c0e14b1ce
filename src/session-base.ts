/**
 * Step 1 of 6: what calls have in common. Cookies, headers, auth, connections and settings live
 * here; `request` is two lines: prepare, then send.
 */
import { ConnectionError } from './errors.ts'
import { encodeBody } from './body/from-input.ts'
import type { SendContext } from './exchange.ts'
import { Headers } from './headers.ts'
import { mergeHeaders } from './merge-headers.ts'
import { afterWrites, JarSaver } from './jar-saver.ts'
import { MountTable } from './mounts.ts'
import { NO_OPTIONS, own } from './own.ts'
import type { EnvironmentSettings, HeaderPairs, Platform, PoolStats, Transport } from './ports.ts'
import { prepareParts } from './prepare.ts'
import type { PrepareDefaults } from './prepare.ts'
import { prepareRequest } from './prepare-request.ts'
import type { PreparedInit } from './prepared-init.ts'
import { completeParts } from './prepared-parts.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { Request } from './request.ts'
import type { Response } from './response.ts'
import { SessionCalls } from './session-calls.ts'
import { SessionDefaults } from './session-defaults.ts'
import { sessionJar } from './session-jar.ts'
import { SettingsMemo } from './settings-memo.ts'
import { sessionFetch } from './session-fetch.ts'
import { mergeSettings } from './settings.ts'
import type { RequestOptions, SendOptions, SendSettings, SessionInput } from './settings.ts'
import { discreetSettings, hooksAround, mergedHooks } from './settings-shown.ts'
import type { CookiesInput, CookieStore, HeadersInput, URLInput } from './types.ts'
import { originOf, parseBaseURL } from './url.ts'

export abstract class SessionBase extends SessionDefaults {
  // Made with the first call, or when they are asked for: of many sessions most are idle.
  #headers: Headers | null = null
  #mounts: MountTable | null = null
  #calls: SessionCalls | null = null
  #saver: JarSaver | null = null
  #memo: SettingsMemo | null = null
  /** What is sent with every call while there are no `#headers`. */
  readonly #pairs: HeaderPairs
  #cookies: CookieStore
  readonly #platform: Platform
  readonly #ownsTransport: boolean
  #baseUrl: URL | null
  #transport: Transport | null
  #environment: EnvironmentSettings | undefined = undefined
  #fetch: typeof globalThis.fetch | null = null
  #closed = false
  #closing: Promise<void> | null = null

  /** @param shared sockets that outlive the session: those of the one-shot calls. */
  constructor(platform: Platform, input: SessionInput = {}, shared: Transport | null = null) {
    super(input)
    this.#platform = platform
    this.#transport = shared
    this.#ownsTransport = shared === null
    this.#baseUrl = this.#parseBase(own(input, 'baseUrl'))
    const headers = own(input, 'headers')
    const { defaultHeaders } = platform
    // Transports are given this very list: nobody shall add to it for the calls that follow.
    this.#pairs = Object.freeze(mergeHeaders(defaultHeaders, headers))
    this.#cookies = sessionJar(platform, own(input, 'cookies'))
  }

  /** Sent with every call; a call's own headers win, `null` removes one. */
  get headers(): Headers {
    this.#headers ??= new Headers(this.#pairs)
    return this.#headers
  }
  set headers(headers: HeadersInput | Headers) {
    this.#headers = headers instanceof Headers ? headers : new Headers(headers)
  }

  /** The jar: cookies of answers are kept here and sent again. Another one can take its place. */
  get cookies(): CookieStore {
    return this.#cookies
  }
  set cookies(jar: CookiesInput) {
    this.#cookies = sessionJar(this.#platform, jar)
  }

  /** The directory that the path of each call is appended to. */
  get baseUrl(): string | null {
    return this.#baseUrl?.href ?? null
  }
  set baseUrl(input: URLInput | null | undefined) {
    this.#baseUrl = this.#parseBase(input)
  }

  request(method: string, url: URLInput, options: RequestOptions = NO_OPTIONS): Promise<Response> {
    try {
      const parts = prepareParts(method, url, options, this.#prepareDefaults())
      return this.#send(completeParts(parts), this.#settings(options))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  get(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('GET', url, options)
  }
  options(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('OPTIONS', url, options)
  }
  /** Redirects are followed, as by every fetch; Python's `requests` does not by default. */
  head(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('HEAD', url, options)
  }
  post(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('POST', url, options)
  }
  put(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('PUT', url, options)
  }
  patch(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('PATCH', url, options)
  }
  delete(url: URLInput, options?: RequestOptions): Promise<Response> {
    return this.request('DELETE', url, options)
  }

  /** The request with the session's defaults merged in; changeable before it is sent. */
  prepareRequest(request: Request): PreparedRequest {
    return prepareRequest(request, this.#prepareDefaults())
  }

  /** The settings a call to `url` would have, with what the environment adds. */
  mergeEnvironmentSettings(_url: URLInput, settings: SendOptions = {}): SendSettings {
    return discreetSettings({
      ...mergeSettings(settings, this.says(), this.#environs()),
      hooks: mergedHooks(this.hooks, own(settings, 'hooks')),
    })
  }

  /** Sends as it is; the environment has no say, as in `requests`. @throws TypeError */
  async send(
    prepared: PreparedRequest,
    settings: SendOptions | SendSettings = {},
  ): Promise<Response> {
    if (typeof Reflect.get(prepared, 'snapshot') !== 'function') {
      throw new TypeError('send takes a PreparedRequest: see prepareRequest().')
    }
    const complete = isMerged(settings)
      ? { ...settings, hooks: hooksAround(prepared.hooks, settings.hooks) }
      : mergeSettings(settings, this.says(), {}, prepared.hooks)
    return this.#send(prepared.snapshot(), complete)
  }

  /** Requests whose URL begins with `prefix` go through this transport; the longest prefix wins. */
  mount(prefix: string, transport: Transport): void {
    this.#mounts ??= new MountTable()
    this.#mounts.set(prefix, transport)
  }

  getTransport(url: URLInput): Transport {
    return this.#transportFor(new URL(url))
  }

  /** Connections and requests of the session so far; null where connections are the runtime's. */
  stats(): PoolStats | null {
    return this.#ownTransport().stats?.() ?? null
  }

  /** A WHATWG `fetch` over this session, bound, for libraries that take one. */
  get fetch(): typeof globalThis.fetch {
    this.#fetch ??= sessionFetch((method, url, options) => {
      // A fetch waits for as long as its caller does, unless the session says otherwise.
      const timeout = this.timeout === undefined ? { timeout: null } : {}
      return this.request(method, url, { ...timeout, ...options })
    }, this.#platform.runtime)
    return this.#fetch
  }

  /** Ends the calls under way with code SESSION_CLOSED, saves the jar where it is kept somewhere,
   *  and closes the session's connections. */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing
    this.#closed = true
    const closing = this.#close()
    // What fails is told once, but whoever closes it again waits as well.
    this.#closing = closing.catch(() => undefined)
    return closing
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#calls?.fail(closedError())
    try {
      // A save that is under way ends first.
      this.#saver ??= new JarSaver()
      await this.#saver.save(this.#cookies)
    } finally {
      if (this.#ownsTransport) await this.#transport?.close()
    }
  }

  /** Step 3, which a page loads with the first call. */
  protected abstract dispatch(parts: PreparedInit, context: SendContext): Promise<Response>

  #prepareDefaults(): PrepareDefaults {
    return {
      baseUrl: this.#baseUrl,
      allowAbsoluteUrls: this.allowAbsoluteUrls ?? false,
      page: this.#page(),
      headers: this.#headers === null ? this.#pairs : Object.freeze(this.#headers.pairs()),
      auth: this.auth,
      params: this.params,
      secretHeaders: this.secretHeaders,
      netrc: this.#isTrusting() ? own(this.#platform, 'netrc') : undefined,
      encode: encodeBody,
    }
  }

  #parseBase(input: URLInput | null | undefined): URL | null {
    return input === undefined || input === null ? null : parseBaseURL(input, this.#page())
  }

  #page(): string | null {
    return own(this.#platform, 'baseUrl')?.() ?? null
  }

  #isTrusting(): boolean {
    return this.trustEnv ?? true
  }

  /** Read once per session: variables do not change, and reading one is a system call's worth. */
  #readEnvironment(): EnvironmentSettings | undefined {
    this.#environment ??= own(this.#platform, 'environmentSettings')?.()
    return this.#environment
  }

  #settings(options: SendOptions): SendSettings {
    const environment = this.#environs()
    this.#memo ??= new SettingsMemo()
    const known = this.#memo.find(options, this, environment)
    if (known !== null) return known
    const says = this.says()
    return this.#memo.keep(mergeSettings(options, says, environment), {
      options,
      says,
      environment,
    })
  }

  #environs(): EnvironmentSettings | undefined {
    return this.#isTrusting() ? this.#readEnvironment() : undefined
  }

  #send(request: PreparedInit, settings: SendSettings): Promise<Response> {
    if (this.#closed) return Promise.reject(closedError())
    const jar = this.#cookies
    const home = this.#baseUrl === null ? null : originOf(this.#baseUrl)
    this.#calls ??= this.#openCalls()
    const context = this.#calls.contextFor(settings, jar, home)
    if (jar.isNative === true) return this.#sendAfterWrites(request, context)
    const sent = this.dispatch(request, context)
    if (jar.save === undefined) return sent
    this.#saver ??= new JarSaver()
    return this.#saver.after(sent, jar, this.#platform.cookies?.savesWithinCall === true)
  }

  #openCalls(): SessionCalls {
    return new SessionCalls(this.#platform, (url) => this.#whileOpen(url))
  }

  #sendAfterWrites(request: PreparedInit, context: SendContext): Promise<Response> {
    return afterWrites(context.jar, () => this.dispatch(request, context))
  }

  /** What sends may have had to be loaded, and the session have been closed since. */
  #whileOpen(url: URL): Transport {
    if (this.#closed) throw closedError()
    return this.#transportFor(url)
  }

  #transportFor(url: URL): Transport {
    return this.#mounts?.find(url) ?? this.#ownTransport()
  }

  /** Made at the first call. A pool of its own, so that closing the session closes its sockets. */
  #ownTransport(): Transport {
    this.#transport ??= this.#platform.transport({
      pool: this.pool ?? null,
      http2: this.http2 ?? false,
    })
    return this.#transport
  }
}

/** What `mergeEnvironmentSettings` gave. */
function isMerged(settings: SendOptions | SendSettings): settings is SendSettings {
  return Object.hasOwn(settings, 'explicit')
}

function closedError(): ConnectionError {
  return new ConnectionError('The session has been closed.', { code: 'SESSION_CLOSED' })
}
