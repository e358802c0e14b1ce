/** Step 6 of 6 where the socket is behind the runtime's `fetch`: all that a request may have. */
import { concatBytes } from '../../src/bytes.ts'
import type { BodySource, HeaderPairs, WireRequest, WireResponse } from '../../src/ports.ts'
import type { Carrier, Dialect, NativeInit } from './dialect.ts'
import { Flight } from './flight.ts'
import { headersInit } from './headers-init.ts'
import type * as Loading from './load.ts'
import { fetchInit } from './native-init.ts'
import { answer, launch } from './round-trip.ts'
import type { Sender } from './sender.ts'

export function senderOf(dialect: Dialect): Sender {
  const { runtime, capabilities } = dialect
  return { runtime, capabilities, send: (request) => sendByFetch(dialect, request) }
}

/** Not an async function: its promise could not be rejected while it waits. */
export function sendByFetch(dialect: Dialect, request: WireRequest): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    if (request.deadline.failed) throw request.deadline.reason
    dialect.refuse(request)
    const flight = new Flight(dialect, request, reject)
    const fail = (error: unknown): void => {
      reject(flight.giveUp(error, 'send'))
    }
    const arrive = (response: Response): void => {
      try {
        flight.arrive(response)
        resolve(answer(flight, response))
      } catch (error) {
        fail(error)
      }
    }
    try {
      depart(flight).then(arrive, fail)
    } catch (error) {
      fail(error)
    }
  })
}

/** Hands the request to the runtime: at once, where nothing has to be waited for. */
function depart(flight: Flight): Promise<Response> {
  const { request } = flight
  const { body, deadline } = request
  const carrier =
    body === null
      ? null
      : (flight.dialect.textCarrier?.(request, body) ?? smallCarrier(request, body))
  if (carrier === null && body !== null) return departLoaded(flight)
  const init = initOf(flight, carrier)
  deadline.connecting(false)
  return init instanceof Promise
    ? departLater(flight, init, carrier)
    : launch(flight, init, carrier)
}

async function departLater(
  flight: Flight,
  init: Promise<NativeInit>,
  carrier: Carrier | null,
): Promise<Response> {
  return launch(flight, await init, carrier)
}

function initOf(flight: Flight, carrier: Carrier | null): NativeInit | Promise<NativeInit> {
  const { dialect, request, signal } = flight
  const body = carrier === null ? null : carrier.body
  return dialect.init(request, fetchInit(request, headersOf(flight, carrier), signal, body))
}

/** More may take longer to send than the limit of silence. */
export const AT_ONCE: number = 256 * 1024

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
  const carrier = await load(flight)
  const response = await launch(flight, await initOf(flight, carrier), carrier)
  if (carrier?.whole === true) flight.upload?.finish()
  return response
}

let loading: typeof Loading | null = null

/** Loaded with the first body: pages that only read have none. */
async function load(flight: Flight): Promise<Carrier | null> {
  loading ??= await import('./load.ts')
  return loading.loadBody(flight)
}

function headersOf({ dialect, request }: Flight, carrier: Carrier | null): HeadersInit {
  const { spares } = dialect
  const { headers, closeAfter, host } = request
  const framing = carrier?.headers ?? NONE
  if (closeAfter !== true && host === null && framing.length === 0) {
    return spares === null ? headersInit(headers) : spares.headersOf(headers)
  }
  const pairs = [...headers]
  // Bun and Node honour it; the other runtimes drop it, and have no pool of ours to spare.
  if (closeAfter === true) pairs.push(['Connection', 'close'])
  if (host !== null) pairs.push(['Host', host])
  return headersInit([...pairs, ...framing])
}

const NONE: HeaderPairs = []
