/** Step 5 of 6 with settings of its own. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import type { Dialect } from './dialect.ts'
import { senderOf } from './send.ts'
import { layTransport } from './lay-transport.ts'

/** @throws TypeError, UnsupportedError. @param release as of `FetchTransport`. */
export function openTransport(
  dialect: Dialect,
  settings: TransportSettings = {},
  release?: () => void,
): Transport {
  return layTransport(senderOf(dialect), settings, release)
}
