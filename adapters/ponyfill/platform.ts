/** What engines without `fetch` or without streams bring along: React Native, small embedders. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { dropWatch } from '../../src/drops.ts'
import { bare } from '../../src/own.ts'
import type { HeaderPairs, Platform } from '../../src/ports.ts'
import { redirectRules } from '../../src/redirect.ts'
import { streamDecoders } from '../fetch/decompression-stream.ts'
import { defaultHeaders } from '../fetch/default-headers.ts'
import { shareTransport } from '../fetch/shared.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { hasXHR } from './engine.ts'
import { ponyfillTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'ponyfill',
  /** Behind XMLHttpRequest the engine sets its own, as a browser does. */
  get defaultHeaders(): HeaderPairs {
    return hasXHR() ? [] : defaultHeaders
  },
  clock: /* @__PURE__ */ exactClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(ponyfillTransport),
  transport: ponyfillTransport,
  decoders: streamDecoders,
  cookies: /* @__PURE__ */ withPublicSuffixes(loadPublicSuffixes),
  redirects: redirectRules,
  drops: dropWatch,
})
