/** Step 5 of 6 on Node and Deno: the `Transport` port over undici's dispatcher. */
import type {
  Capabilities,
  PoolStats,
  Transport,
  TransportSettings,
  WireRequest,
  WireResponse,
} from '../../src/ports.ts'
import { undiciCapabilities } from './capabilities.ts'
import { dispatch } from './dispatch.ts'
import { ConnectionPool } from './pool.ts'
import { checkTransportSettings, withTransportSettings } from '../transport-settings.ts'
import type { CheckedSettings } from '../transport-settings.ts'
import type { UndiciHost } from './shims.ts'

export class UndiciTransport implements Transport {
  readonly capabilities: Capabilities = undiciCapabilities
  readonly #pool: ConnectionPool
  readonly #settings: CheckedSettings

  constructor(host: UndiciHost, settings: TransportSettings) {
    this.#settings = checkTransportSettings(settings, undiciCapabilities, host.runtime)
    this.#pool = new ConnectionPool(host, this.#settings)
  }

  stats(): PoolStats {
    return this.#pool.counters
  }

  send(request: WireRequest): Promise<WireResponse> {
    const complete = withTransportSettings(request, this.#settings)
    if (complete.expectContinue === true) return this.#sendExpecting(complete)
    return dispatch(complete, this.#pool)
  }

  /** Loaded with the first request that asks for it. */
  async #sendExpecting(request: WireRequest): Promise<WireResponse> {
    return (await import('./expect.ts')).sendExpecting(request, this.#pool)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
