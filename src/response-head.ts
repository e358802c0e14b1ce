/** From what came over a wire to the head of a response (layer 2). */
import type { HeaderPairs, WireResponse } from './ports.ts'
import { Sent } from './prepared-sent.ts'
import type { Sending } from './prepared-sent.ts'
import type { ResponseInit } from './response.ts'
import { ResponseTimings } from './response-timings.ts'
import type { Attempt } from './response-timings.ts'
import { withoutFragment } from './shown-url.ts'

export interface RoundTrip {
  /** As they were sent. */
  readonly headers: HeaderPairs
  /** Milliseconds to the head of the answer. */
  readonly elapsed: number
  readonly deadline: Attempt
}

export function headFrom(
  wire: Omit<WireResponse, 'headers' | 'undone' | 'body'>,
  sent: Sending,
  { headers, elapsed, deadline }: RoundTrip,
): ResponseInit {
  return {
    status: wire.status,
    statusText: wire.statusText,
    url: wire.url ?? withoutFragment(sent.url),
    redirected: wire.redirected,
    request: new Sent(sent, headers),
    elapsed,
    httpVersion: wire.httpVersion,
    timings: new ResponseTimings(wire.timings, elapsed, deadline),
  }
}
