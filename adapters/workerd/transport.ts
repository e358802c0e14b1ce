/** Step 5 of 6 on workerd: its `fetch`. Nothing is shared between requests. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { openTransport } from '../fetch/open-transport.ts'
import { workerdDialect } from './dialect.ts'

export function workerdTransport(settings: TransportSettings = {}): Transport {
  return openTransport(workerdDialect, settings)
}
