/** Step 6 of 6 where the socket is behind the runtime's `fetch`: one round trip. */
import { findHeader } from '../../src/headers.ts'
import type { HeaderPair, HeaderPairs, WireRequest, WireResponse } from '../../src/ports.ts'
import { FetchBody } from './body.ts'
import type { BareDialect, Carrier, NativeInit } from './dialect.ts'
import { Flight } from './flight.ts'
import type * as Loading from './load.ts'

export async function sendByFetch(
  dialect: BareDialect,
  request: WireRequest,
): Promise<WireResponse> {
  if (request.deadline.failed) throw request.deadline.reason
  dialect.refuse(request)
  const flight = new Flight(dialect, request)
  try {
    const response = await flight.guard(depart(flight))
    request.deadline.idle()
    return answer(flight, response)
  } catch (error) {
    throw flight.giveUp(error, 'send')
  }
}

/** Hands the request to the runtime: at once, where nothing has to be waited for. */
function depart(flight: Flight): Promise<Response> {
  const { dialect, request } = flight
  if (request.body !== null) return departLoaded(flight)
  const init = dialect.init(request)
  request.deadline.connecting(false)
  return init instanceof Promise
    ? init.then((ready) => launch(flight, ready, null))
    : launch(flight, init, null)
}

async function departLoaded(flight: Flight): Promise<Response> {
  const carrier = await load(flight)
  const init = await flight.dialect.init(flight.request)
  const response = await launch(flight, init, carrier)
  if (carrier?.whole === true) flight.upload?.finish()
  return response
}

function launch(flight: Flight, own: NativeInit, carrier: Carrier | null): Promise<Response> {
  const { dialect, request } = flight
  flight.check()
  const init: NativeInit = {
    // Fetch looks up on the prototype whatever is not there, such as a body.
    __proto__: null,
    method: request.method,
    headers: headersInit(headersOf(request, carrier)),
    redirect: request.redirect,
    signal: flight.signal,
    // Said in any case: Node's fetch copies the init to an object that has a prototype again.
    body: carrier === null ? null : carrier.body,
  }
  Object.assign(init, own, carrier?.init)
  return dialect.fetch(request, carrier)(request.url.href, init)
}

let loading: typeof Loading | null = null

/** Loaded with the first body: pages that only read have none. */
async function load(flight: Flight): Promise<Carrier | null> {
  loading ??= await import('./load.ts')
  return loading.loadBody(flight)
}

function headersOf(request: WireRequest, carrier: Carrier | null): HeaderPair[] {
  // The dialect hands it to the proxy; a server behind one must not see it.
  const pairs = request.headers.filter(([name]) => !isForProxy(name))
  // Bun and Node honour it; the other runtimes drop it, and have no pool of ours to spare.
  if (request.closeAfter === true) pairs.push(['Connection', 'close'])
  if (request.host !== null) pairs.push(['Host', request.host])
  for (const [name, value] of carrier?.headers ?? []) pairs.push([name, value])
  return pairs
}

function isForProxy(name: string): boolean {
  return name.length === 19 && name.toLowerCase() === 'proxy-authorization'
}

/** A record is read faster than pairs, by a tenth of all on workerd; pairs where a name is there twice,
 *  or means something to an object. */
function headersInit(pairs: readonly HeaderPair[]): HeadersInit {
  const record: Record<string, string> = {}
  for (const [name, value] of pairs) {
    if (name in record) return pairs.map(([each, its]): [string, string] => [each, its])
    record[name] = value
  }
  return record
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
