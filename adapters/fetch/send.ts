/** Step 6 of 6 where the socket is behind the runtime's `fetch`: all that a request may have. */
import { concatBytes } from '../../src/bytes.ts'
import type { BodySource, HeaderPair, WireRequest, WireResponse } from '../../src/ports.ts'
import type { Carrier, Dialect } from './dialect.ts'
import { Flight } from './flight.ts'
import type * as Loading from './load.ts'
import { answer, launch } from './round-trip.ts'

export async function sendByFetch(dialect: Dialect, request: WireRequest): Promise<WireResponse> {
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
  const carrier = request.body === null ? null : smallCarrier(request, request.body)
  if (carrier === null && request.body !== null) return departLoaded(flight)
  const own = dialect.init(request)
  request.deadline.connecting(false)
  const headers = headersInit(headersOf(request, carrier))
  return own instanceof Promise
    ? own.then((ready) => launch(flight, { headers, own: ready, carrier }))
    : launch(flight, { headers, own, carrier })
}

/** More may take longer to send than the limit of silence. */
const AT_ONCE = 256 * 1024

/** Null for a body that has to be opened, or watched while it goes. */
function smallCarrier({ deadline, onSent }: WireRequest, { memory }: BodySource): Carrier | null {
  if (memory === undefined || onSent !== null) return null
  let length = 0
  for (const bytes of memory) length += bytes.length
  if (length > AT_ONCE) return null
  deadline.sent = length
  // No caller hands in shared memory: `fetch` would refuse it with a TypeError of its own.
  const body = concatBytes(memory, length) as Uint8Array<ArrayBuffer>
  // Complete, so that nothing of it can come from a polluted prototype.
  return { body, headers: [], init: {}, whole: true }
}

async function departLoaded(flight: Flight): Promise<Response> {
  const { dialect, request } = flight
  const carrier = await load(flight)
  const own = await dialect.init(request)
  const headers = headersInit(headersOf(request, carrier))
  const response = await launch(flight, { headers, own, carrier })
  if (carrier?.whole === true) flight.upload?.finish()
  return response
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
