/** What a runtime that is known for nothing but `fetch` brings along, such as edge runtimes. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { redirectRules } from '../../src/redirect.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { streamDecoders } from './decompression-stream.ts'
import { defaultHeaders } from './default-headers.ts'
import { fetchDialect } from './fetch-dialect.ts'
import { openTransport } from './open-transport.ts'
import { senderOf } from './send.ts'
import { shareTransport } from './shared.ts'
import { FetchTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'fetch',
  // Not every runtime decodes deflate, and none tells.
  defaultHeaders: [...defaultHeaders.slice(0, 2), ['Accept-Encoding', 'gzip, br']],
  clock: /* @__PURE__ */ exactClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(() => new FetchTransport(senderOf(fetchDialect))),
  transport: (settings) => openTransport(fetchDialect, settings),
  decoders: streamDecoders,
  cookies: /* @__PURE__ */ withPublicSuffixes(loadPublicSuffixes, { savesWithinCall: true }),
  redirects: redirectRules,
})
