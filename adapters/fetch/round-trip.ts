/** One round trip over a runtime's `fetch`: what all requests have in common. */
import { findHeader } from '../../src/headers.ts'
import type { HeaderPairs, WireBody, WireRequest, WireResponse } from '../../src/ports.ts'
import type { BareDialect, Carrier, NativeInit } from './dialect.ts'
import { Flight } from './flight.ts'

export interface Ways {
  readonly depart: (flight: Flight) => Promise<Response>
  readonly openBody: OpenBody
}
/** @param length announced and exact, or null. */
export type OpenBody = (flight: Flight, response: Response, length: number | null) => WireBody

export async function roundTrip(
  dialect: BareDialect,
  request: WireRequest,
  { depart, openBody }: Ways,
): Promise<WireResponse> {
  if (request.deadline.failed) throw request.deadline.reason
  dialect.refuse(request)
  const flight = new Flight(dialect, request)
  try {
    const response = await flight.guard(depart(flight))
    request.deadline.idle()
    return answer(flight, response, openBody)
  } catch (error) {
    throw flight.giveUp(error, 'send')
  }
}

export interface Luggage {
  readonly headers: HeadersInit
  /** Keys of the runtime's own. */
  readonly own: NativeInit
  readonly carrier: Carrier | null
}

export function launch(flight: Flight, { headers, own, carrier }: Luggage): Promise<Response> {
  const { dialect, request } = flight
  flight.check()
  const init: NativeInit = {
    // Fetch looks up on the prototype whatever is not there, such as a body.
    __proto__: null,
    method: request.method,
    headers,
    redirect: request.redirect,
    signal: flight.signal,
    // Said in any case: Node's fetch copies the init to an object that has a prototype again.
    body: carrier === null ? null : carrier.body,
  }
  Object.assign(init, own, carrier?.init)
  return dialect.fetch(request, carrier)(request.url.href, init)
}

function answer(flight: Flight, response: Response, openBody: OpenBody): WireResponse {
  const { dialect, request } = flight
  const headers = dialect.headers?.(response) ?? headersFrom(response)
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
      dialect.lengthHolds(response, undone) ? announced(headers) : null,
    ),
  }
}

function headersFrom(response: Response): HeaderPairs {
  const pairs: [string, string][] = []
  response.headers.forEach((value, name) => pairs.push([name, value]))
  return pairs
}

/** RFC 9110 §8.6: digits, perhaps repeated in a list of equal values. */
function announced(headers: HeaderPairs): number | null {
  const value = findHeader(headers, 'content-length')
  const match = value === null ? null : /^(\d{1,15})(?:, ?\1)*$/.exec(value)
  return match === null ? null : Number(match[1])
}
