/** What was sent (layer 2), as `response.request` shows it. */
import { Headers } from './headers.ts'
import type { BodySource, HeaderPairs } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import type { SentRequest } from './prepared-request.ts'

export type Sending = Pick<PreparedInit, 'method' | 'url' | 'body'>

/** Logs see the method alone: the rest is as it was on the wire, secrets and all. */
export class Sent implements SentRequest {
  readonly method: string
  readonly #sent: Sending
  readonly #pairs: HeaderPairs
  #headers: Headers | null = null

  constructor(sent: Sending, pairs: HeaderPairs) {
    this.method = sent.method
    this.#sent = sent
    this.#pairs = pairs
  }

  get url(): string {
    return this.#sent.url.href
  }
  get body(): BodySource | null {
    return this.#sent.body
  }
  get headers(): Headers {
    this.#headers ??= Headers.fromWire(this.#pairs)
    return this.#headers
  }
}
