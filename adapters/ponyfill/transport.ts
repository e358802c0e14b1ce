/** Step 5 of 6 in engines without `fetch` or streams. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { openTransport } from '../fetch/open-transport.ts'
import { ponyfillDialect } from './dialect.ts'

export function ponyfillTransport(settings: TransportSettings = {}): Transport {
  return openTransport(ponyfillDialect, settings)
}
