/** Settings of a transport: checked once, then laid under each request. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { checkTransportSettings, withTransportSettings } from '../transport-settings.ts'
import type { Sender } from './sender.ts'
import { FetchTransport } from './transport.ts'

/** @throws TypeError, UnsupportedError. @param release as of `FetchTransport`. */
export function layTransport(
  sender: Sender,
  settings: TransportSettings,
  release?: () => void,
): Transport {
  const checked = checkTransportSettings(settings, sender.capabilities, sender.runtime)
  return new FetchTransport(sender, (request) => withTransportSettings(request, checked), release)
}
