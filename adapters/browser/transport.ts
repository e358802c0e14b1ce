/** Step 5 of 6 in browsers: their `fetch`. The pool belongs to the engine. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { openTransport } from '../fetch/open-transport.ts'
import { browserDialect } from './dialect.ts'

export function browserTransport(settings: TransportSettings = {}): Transport {
  return openTransport(browserDialect, settings)
}
