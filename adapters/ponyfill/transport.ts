/** Step 5 of 6 in engines without `fetch` or streams. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { FetchTransport } from '../fetch/transport.ts'
import { ponyfillDialect } from './dialect.ts'

export function ponyfillTransport(settings: TransportSettings = {}): Transport {
  return new FetchTransport(ponyfillDialect, settings)
}
