/** What one-shot calls need of a browser: what sends is there when they are. */
import { bare } from '../../src/own.ts'
import type { CallPlatform } from '../../src/ports.ts'
import { shareTransport } from '../fetch/shared.ts'
import { FetchTransport } from '../fetch/transport.ts'
import { basics } from './basics.ts'
import { sender } from './sending.ts'

/** All that calls need. A missing member means "cannot", whatever is on the prototype of others. */
export const callPlatform: CallPlatform = /* @__PURE__ */ bare<CallPlatform>({
  ...basics,
  sharedTransport: /* @__PURE__ */ shareTransport(() => new FetchTransport(sender)),
})
