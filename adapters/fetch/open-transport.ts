/** Step 5 of 6 with settings of its own: checked once, then laid under each request. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { checkTransportSettings, withTransportSettings } from '../transport-settings.ts'
import type { Dialect } from './dialect.ts'
import { FetchTransport } from './transport.ts'

/** @throws TypeError, UnsupportedError. @param release as of `FetchTransport`. */
export function openTransport(
  dialect: Dialect,
  settings: TransportSettings = {},
  release?: () => void,
): Transport {
  const checked = checkTransportSettings(settings, dialect.capabilities, dialect.runtime)
  return new FetchTransport(dialect, (request) => withTransportSettings(request, checked), release)
}
