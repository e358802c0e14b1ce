/** Step 5 of 6 on Node and Deno: the `Transport` port over undici's dispatcher. */
import type {
  Capabilities,
  Transport,
  TransportSettings,
  WireRequest,
  WireResponse,
} from '../../src/ports.ts'
import { undiciCapabilities } from './capabilities.ts'
import { dispatch } from './dispatch.ts'
import type { PoolCounters } from './origin.ts'
import { ConnectionPool } from './pool.ts'
import type { UndiciHost } from './shims.ts'

export class UndiciTransport implements Transport {
  readonly capabilities: Capabilities = undiciCapabilities
  readonly #pool: ConnectionPool

  constructor(host: UndiciHost, settings: TransportSettings) {
    this.#pool = new ConnectionPool(host, settings)
  }

  /** Connections open and idle now, made and reused so far, and requests sent. */
  get counters(): Readonly<PoolCounters> {
    return this.#pool.counters
  }

  send(request: WireRequest): Promise<WireResponse> {
    return dispatch(request, this.#pool)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
