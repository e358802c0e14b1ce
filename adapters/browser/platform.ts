/** What a browser brings along: the engine keeps cookies, follows redirects, decodes and pools. */
import { exactClock } from '../../src/deadline.ts'
import { dropWatch } from '../../src/drops.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { shareTransport } from '../fetch/shared.ts'
import { pageCookies } from './cookies.ts'
import { browserTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'browser',
  // A User-Agent of ours would cost a preflight in Firefox, and Chromium drops it.
  defaultHeaders: [],
  clock: /* @__PURE__ */ exactClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(browserTransport),
  transport: browserTransport,
  baseUrl,
  pageCookies,
  drops: dropWatch,
})

/** Null where there is no page: in a worker made from a blob, say. */
function baseUrl(): string | null {
  const page = typeof document === 'undefined' ? undefined : document.baseURI
  const base = page ?? (typeof location === 'undefined' ? undefined : location.href)
  return base !== undefined && /^https?:/.test(base) ? base : null
}
