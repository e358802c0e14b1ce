/** Step 5 of 6 over a native `fetch`: a dialect, made into a `Transport` that can be closed. */
import { ConnectionError } from '../../src/errors.ts'
import { bare } from '../../src/own.ts'
import type {
  Capabilities,
  Transport,
  TransportSettings,
  WireRequest,
  WireResponse,
} from '../../src/ports.ts'
import { checkTransportSettings, withTransportSettings } from '../transport-settings.ts'
import type { CheckedSettings } from '../transport-settings.ts'
import { errorRequest, nameRequest } from './about.ts'
import type { Dialect } from './dialect.ts'
import { sendByFetch } from './send.ts'

export class FetchTransport implements Transport {
  readonly capabilities: Capabilities
  readonly #dialect: Dialect
  readonly #settings: CheckedSettings
  readonly #release: () => void
  #closed = false

  /** @param release frees idle connections, where the runtime has a pool that can be had. */
  constructor(
    dialect: Dialect,
    settings: TransportSettings = {},
    release: () => void = () => undefined,
  ) {
    this.capabilities = dialect.capabilities
    this.#dialect = bare(dialect)
    this.#settings = checkTransportSettings(settings, dialect.capabilities, dialect.runtime)
    this.#release = release
  }

  async send(request: WireRequest): Promise<WireResponse> {
    if (this.#closed) {
      throw new ConnectionError(`${nameRequest(request)}: the session has been closed.`, {
        code: 'SESSION_CLOSED',
        request: errorRequest(request),
      })
    }
    return sendByFetch(this.#dialect, withTransportSettings(request, this.#settings))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#release()
  }
}
