/** Step 5 of 6 in browsers: their `fetch`. The pool belongs to the engine. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { layTransport } from '../fetch/lay-transport.ts'
import { laterSender } from '../fetch/sender.ts'
import { browserCapabilities } from './capabilities.ts'

const sender = /* @__PURE__ */ laterSender(
  'browser',
  browserCapabilities,
  async () => (await import('./sending.ts')).sender,
)

export function browserTransport(settings: TransportSettings = {}): Transport {
  return layTransport(sender, settings)
}
