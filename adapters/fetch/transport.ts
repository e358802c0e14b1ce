/** Step 5 of 6 over a native `fetch`: what sends, made into a `Transport` that can be closed. */
import { ConnectionError } from '../../src/call-errors.ts'
import type { Capabilities, Transport, WireRequest, WireResponse } from '../../src/ports.ts'
import { errorRequest, nameRequest } from './about.ts'
import type { Sender } from './sender.ts'

export type SettingsLayer = (request: WireRequest) => WireRequest

export class FetchTransport implements Transport {
  readonly capabilities: Capabilities
  readonly #sender: Sender
  readonly #lay: SettingsLayer | null
  readonly #release: () => void
  #closed = false

  /**
   * @param lay what the transport was made with, under each request.
   * @param release frees idle connections, where the runtime has a pool that can be had.
   */
  constructor(
    sender: Sender,
    lay: SettingsLayer | null = null,
    release: () => void = () => undefined,
  ) {
    this.capabilities = sender.capabilities
    this.#sender = sender
    this.#lay = lay
    this.#release = release
  }

  send(request: WireRequest): Promise<WireResponse> {
    if (this.#closed) {
      const error = new ConnectionError(`${nameRequest(request)}: the session has been closed.`, {
        code: 'SESSION_CLOSED',
        request: errorRequest(request),
      })
      return Promise.reject(error)
    }
    return this.#sender.send(this.#lay?.(request) ?? request)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#release()
  }
}
