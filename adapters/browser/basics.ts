/** What any call needs of a browser, which keeps cookies, follows redirects, decodes and pools. */
import { exactClock } from '../../src/deadline-clock.ts'
import { dropWatch } from '../../src/drops.ts'
import type { CallPlatform } from '../../src/ports.ts'
import { pageUrl } from './page.ts'

export const basics: Omit<CallPlatform, 'sharedTransport'> = {
  runtime: 'browser',
  // A User-Agent of ours would cost a preflight in Firefox, and Chromium drops it.
  defaultHeaders: [],
  clock: /* @__PURE__ */ exactClock(),
  baseUrl: pageUrl,
  drops: dropWatch,
}
