/** Step 5 of 6 in browsers: their `fetch`. The pool belongs to the engine. */
import type { Transport } from '../../src/ports.ts'
import { FetchTransport } from '../fetch/transport.ts'
import { browserDialect } from './dialect.ts'

export function browserTransport(): Transport {
  return new FetchTransport(browserDialect)
}
