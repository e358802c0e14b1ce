/** Step 6 of 6 where the socket is behind the runtime's `fetch`: one round trip. */
import { findHeader } from '../../src/headers.ts'
import { bare } from '../../src/own.ts'
import type { HeaderPairs, WireRequest, WireResponse } from '../../src/ports.ts'
import { FetchBody } from './body.ts'
import type { Carrier, Dialect } from './dialect.ts'
import { Flight } from './flight.ts'
import type * as Loading from './load.ts'

export async function sendByFetch(dialect: Dialect, request: WireRequest): Promise<WireResponse> {
  if (request.deadline.failed) throw request.deadline.reason
  dialect.refuse(request)
  const flight = new Flight(dialect, request)
  try {
    return await flight.guard(roundTrip(flight))
  } catch (error) {
    throw flight.giveUp(error, 'send')
  }
}

async function roundTrip(flight: Flight): Promise<WireResponse> {
  const { dialect, request } = flight
  const carrier = request.body === null ? null : await load(flight)
  const init = dialect.init(request)
  // Fetch looks up on the prototype whatever is not there, such as a body.
  const native: RequestInit = bare<RequestInit>({
    method: request.method,
    headers: headersOf(request, carrier),
    redirect: request.redirect,
    signal: flight.signal,
    ...(init instanceof Promise ? await init : init),
    ...carrier?.init,
  })
  // Said in any case: Node's fetch copies the init to an object that has a prototype again.
  native.body = carrier === null ? null : carrier.body
  if (carrier === null) request.deadline.connecting(false)
  flight.check()
  const response = await dialect.fetch(request, carrier)(request.url.href, native)
  try {
    flight.check()
  } catch (error) {
    // Too late: the call has been rejected already, so nobody else would free the connection.
    response.body?.cancel().catch(() => undefined)
    throw error
  }
  if (carrier?.whole === true) flight.upload?.finish()
  request.deadline.idle()
  return answer(flight, response)
}

let loading: typeof Loading | null = null

/** Loaded with the first body: pages that only read have none. */
async function load(flight: Flight): Promise<Carrier | null> {
  loading ??= await import('./load.ts')
  return loading.loadBody(flight)
}

function headersOf(request: WireRequest, carrier: Carrier | null): [string, string][] {
  const pairs: [string, string][] = []
  for (const [name, value] of request.headers) {
    // The dialect hands it to the proxy; a server behind one must not see it.
    if (name.toLowerCase() !== 'proxy-authorization') pairs.push([name, value])
  }
  // Bun and Node honour it; the other runtimes drop it, and have no pool of ours to spare.
  if (request.closeAfter === true) pairs.push(['Connection', 'close'])
  if (request.host !== null) pairs.push(['Host', request.host])
  for (const [name, value] of carrier?.headers ?? []) pairs.push([name, value])
  return pairs
}

function answer(flight: Flight, response: Response): WireResponse {
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
    body: new FetchBody(
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
