/** What a call needs of a browser, which keeps cookies, follows redirects, decodes and pools. */
import { exactClock } from '../../src/deadline-clock.ts'
import { dropWatch } from '../../src/drops.ts'
import { bare } from '../../src/own.ts'
import type { CallPlatform } from '../../src/ports.ts'
import { shareTransport } from '../fetch/shared.ts'
import { FetchTransport } from '../fetch/transport.ts'
import { browserDialect } from './dialect.ts'
import { pageUrl } from './page.ts'

/** All that calls need. A missing member means "cannot", whatever is on the prototype of others. */
export const callPlatform: CallPlatform = /* @__PURE__ */ bare<CallPlatform>({
  runtime: 'browser',
  // A User-Agent of ours would cost a preflight in Firefox, and Chromium drops it.
  defaultHeaders: [],
  clock: /* @__PURE__ */ exactClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(() => new FetchTransport(browserDialect)),
  baseUrl: pageUrl,
  drops: dropWatch,
})
