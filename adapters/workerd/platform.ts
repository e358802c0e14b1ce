/** What workerd brings along. There are no files, no proxies and no environment of ours. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { redirectRules } from '../../src/redirect.ts'
import { defaultHeaders } from '../fetch/default-headers.ts'
import { shareTransport } from '../fetch/shared.ts'
import { createHasher } from '../node/hash.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { decoders } from './decoders.ts'
import { workerdTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'workerd',
  defaultHeaders,
  // Timers belong to the request that made them, and may not be shared.
  clock: /* @__PURE__ */ exactClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(workerdTransport),
  transport: workerdTransport,
  decoders,
  cookies: /* @__PURE__ */ withPublicSuffixes(loadPublicSuffixes, { savesWithinCall: true }),
  redirects: redirectRules,
  hash: createHasher,
})
