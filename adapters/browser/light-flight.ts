/**
 * Steps 4 to 6 for a request that carries nothing, sets no limits of its own and wants all of the
 * answer: what the deadline, `flight.ts`, `round-trip.ts` and `body.ts` do for any other, in the few
 * lines that this takes. A test holds it to the same.
 */
import { concatBytes } from '../../src/bytes.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { shown, silence } from '../../src/deadline-errors.ts'
import { Headers } from '../../src/headers.ts'
import type { LightAnswer, LightFlight, LightRequest } from '../../src/light-call.ts'
import type { HeaderFields, Ticket } from '../../src/ports.ts'
import { DEFAULTS } from '../../src/settings-defaults.ts'
import type { About } from '../fetch/about.ts'
import { announcedLength, bodyOf, listFields } from '../fetch/answer-head.ts'
import { cutShort, tooLarge } from '../fetch/body-errors.ts'
import { codingsOf } from '../fetch/coded.ts'
import type { NativeReader, Phase } from '../fetch/dialect.ts'
import { redactError } from '../fetch/redact.ts'
import { translateBrowserError } from './errors.ts'

const clock = /* @__PURE__ */ exactClock()

export class BrowserFlight implements LightFlight {
  readonly #about: About
  readonly #started = clock.now()
  readonly #controller = new AbortController()
  #endedAt: number | null = null
  #timer: Ticket | null = null
  /** Our own reason to stop, which goes before whatever the engine says then. */
  #failure: Error | null = null
  #body: ReadableStream<Uint8Array> | null = null
  /** Announced and exact, or null. */
  #length: number | null = null
  #received = 0

  constructor(asked: LightRequest) {
    this.#about = { ...asked, deadline: this }
  }

  get ended(): boolean {
    return this.#endedAt !== null
  }
  get elapsed(): number {
    return (this.#endedAt ?? clock.now()) - this.#started
  }

  async depart(): Promise<LightAnswer> {
    try {
      const response = await this.#fetch()
      const headers = Headers.fromWire(listFields(response.headers))
      this.#open(response, headers)
      const { status, statusText, url, redirected } = response
      return { status, statusText, headers, url: url === '' ? null : url, redirected }
    } catch (error) {
      throw this.#giveUp(error, 'send')
    }
  }

  async collect(limit: number): Promise<Uint8Array> {
    const body = this.#body
    const length = this.#length
    if (body !== null && length !== null && length > limit) throw this.#refuse(body, limit)
    const reader = body?.getReader()
    const chunks: Uint8Array[] = []
    for (let chunk; (chunk = await this.#next(reader, limit)) !== null;) chunks.push(chunk)
    return concatBytes(chunks, this.#received)
  }

  /** Rejects as soon as it takes too long, whatever the engine does. */
  #fetch(): Promise<Response> {
    const { method, url } = this.#about
    const init: RequestInit & { readonly __proto__: null } = {
      // Fetch looks up on the prototype whatever is not there, such as a body.
      __proto__: null,
      method,
      headers: [],
      redirect: 'follow',
      signal: this.#controller.signal,
      body: null,
    }
    return new Promise((resolve, reject) => {
      this.#wait('answer', reject)
      // Looked up at call time, so that a replaced `fetch` is honoured.
      globalThis.fetch(url.href, init).then((response) => {
        if (this.#failure === null) resolve(response)
        // Nobody else would free the connection.
        else response.body?.cancel().catch(() => undefined)
      }, reject)
    })
  }

  #open(response: Response, headers: HeaderFields): void {
    this.#body = bodyOf(response, this.#about.method)
    // Cross-origin, Content-Encoding is hidden while Content-Length is not.
    const holds = response.type === 'basic' && codingsOf(headers).length === 0
    this.#length = holds ? announcedLength(headers) : null
    if (this.#body === null) this.#end()
  }

  /** Null at the end. */
  async #next(reader: NativeReader | undefined, limit: number): Promise<Uint8Array | null> {
    if (this.ended || reader === undefined) return null
    this.#wait('read')
    const { value } = await reader.read().catch((error: unknown) => {
      throw this.#giveUp(error, 'body')
    })
    if (this.#failure !== null) throw this.#failure
    const length = this.#length
    if (value === undefined) {
      this.#end()
      if (length !== null && this.#received < length)
        throw cutShort(this.#about, this.#received, length)
      return null
    }
    this.#received += value.length
    if (this.#received > limit) throw this.#refuse(reader, limit)
    if (this.#received === length) {
      // The end is taken all the same, since some engines free the connection only then.
      reader.read().catch(() => undefined)
      this.#end()
    }
    return value
  }

  #wait(phase: 'answer' | 'read', reject?: (error: Error) => void): void {
    const { timeout } = DEFAULTS
    this.#timer?.cancel()
    this.#timer = clock.start(
      () => {
        const { elapsed } = this
        const standing = { request: shown(this.#about), sent: 0, received: this.#received, elapsed }
        this.#failure = silence(phase, timeout, standing)
        reject?.(this.#failure)
        this.#stop(this.#failure)
      },
      phase === 'read' ? timeout.read : timeout.connect + timeout.read,
    )
  }

  #refuse(source: Pick<NativeReader, 'cancel'>, limit: number): Error {
    const error = tooLarge(this.#about, limit)
    source.cancel(error).catch(() => undefined)
    this.#stop(undefined)
    return error
  }

  /** What to reject with after `error` came from the engine. */
  #giveUp(error: unknown, phase: Phase): Error {
    redactError(error, this.#about)
    const reason = this.#failure ?? translateBrowserError(error, this.#about, phase)
    this.#stop(reason)
    return reason
  }

  #stop(reason: unknown): void {
    this.#end()
    this.#controller.abort(reason)
  }

  #end(): void {
    this.#endedAt ??= clock.now()
    this.#timer?.cancel()
  }
}
