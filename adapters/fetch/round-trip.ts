/** There and back over a runtime's `fetch`: what is handed to it, and what it answers. */
import type { WireResponse } from '../../src/ports.ts'
import { announcedLength } from './answer-head.ts'
import type { Carrier, NativeInit } from './dialect.ts'
import type { Flight } from './flight.ts'
import { openBody } from './whole-body.ts'

/** @param init as the dialect made it. */
export function launch(
  flight: Flight,
  init: NativeInit,
  carrier: Carrier | null,
): Promise<Response> {
  const { dialect, request } = flight
  flight.check()
  if (carrier?.init !== undefined) Object.assign(init, carrier.init)
  return dialect.fetch(request, carrier)(request.url.href, init)
}

export function answer(flight: Flight, response: Response): WireResponse {
  const { dialect, request } = flight
  const headers = dialect.fields(response)
  const undone = dialect.undone(headers, request)
  const followed = request.redirect === 'follow'
  return {
    status: response.status,
    statusText: response.statusText,
    headers,
    undone,
    url: followed && response.url !== '' ? response.url : null,
    redirected: followed && response.redirected,
    httpVersion: null,
    body: openBody(
      flight,
      response,
      dialect.lengthHolds(response, undone) ? announcedLength(headers) : null,
    ),
  }
}
