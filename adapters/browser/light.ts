/** What calls without options need of a browser. */
import { exactClock } from '../../src/deadline-clock.ts'
import type { LightPlatform } from '../../src/light-call.ts'
import { bare } from '../../src/own.ts'
import { sendByFetch } from '../fetch/send.ts'
import { bareDialect } from './bare-dialect.ts'
import type * as Full from './full-calls.ts'
import { pageUrl } from './page.ts'

let full: typeof Full | null = null

const dialect = /* @__PURE__ */ bare(bareDialect)

export const lightPlatform: LightPlatform = /* @__PURE__ */ bare<LightPlatform>({
  runtime: 'browser',
  clock: /* @__PURE__ */ exactClock(),
  pageUrl,
  send: (request) => sendByFetch(dialect, request),
  full: async (...asked) => (full ??= await import('./full-calls.ts')).fullCall(...asked),
})
