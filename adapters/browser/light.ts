/** What calls without options need of a browser. */
import { exactClock } from '../../src/deadline-clock.ts'
import type { LightPlatform } from '../../src/light-call.ts'
import { bare } from '../../src/own.ts'
import { FetchBody } from '../fetch/body.ts'
import { launch, roundTrip } from '../fetch/round-trip.ts'
import type { Ways } from '../fetch/round-trip.ts'
import { bareDialect } from './bare-dialect.ts'
import type * as Full from './full-calls.ts'
import { pageUrl } from './page.ts'

let full: typeof Full | null = null

const dialect = /* @__PURE__ */ bare(bareDialect)

const ways: Ways = {
  depart: (flight) => {
    flight.request.deadline.connecting(false)
    return launch(flight, { headers: [], own: {}, carrier: null })
  },
  openBody: (flight, response, length) => new FetchBody(flight, response, length),
}

export const lightPlatform: LightPlatform = /* @__PURE__ */ bare<LightPlatform>({
  runtime: 'browser',
  clock: /* @__PURE__ */ exactClock(),
  pageUrl,
  send: (request) => roundTrip(dialect, request, ways),
  full: async (...asked) => (full ??= await import('./full-calls.ts')).fullCall(...asked),
})
