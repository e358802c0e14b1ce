/** The way of a request through the test server: preflight, count, route, and what can go wrong. */
import { Http2ServerRequest } from 'node:http2'
import { BadRequest, breakOff, isGone, sendBytes, sendJson } from './call.ts'
import type { Call, Field, Incoming, Outgoing, Routes } from './call.ts'
import { preflightFields } from './cors.ts'
import type { Journal } from './journal.ts'

/** Numbers connections; HTTP/1.1 is known by its socket, HTTP/2 by its session. */
export type Connections = WeakMap<object, { readonly id: number; requests: number }>

export interface AppOptions {
  readonly listener: string
  readonly routes: Routes
  readonly journal: Journal
  readonly connections: Connections
}

/** Nothing is answered longer than this, whatever a handler does. */
const LIMIT_MS = 300_000

export function createApp(options: AppOptions): (request: Incoming, response: Outgoing) => void {
  return (request, response) => {
    // A client that goes away shows as an error of the streams: never one of the server.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    let call: Call
    try {
      call = makeCall(request, response, options)
    } catch {
      response.writeHead(400, { 'Content-Length': 0 })
      response.end()
      return
    }
    answer(call, options.routes).catch((error: unknown) => {
      fail(call, error)
    })
  }
}

async function answer(call: Call, routes: Routes): Promise<void> {
  const preflight = preflightFields(call.method, call.request)
  if (preflight !== null) {
    call.response.writeHead(204, Object.fromEntries(preflight))
    call.response.end()
    return
  }
  watch(call)
  const { pathname } = call.url
  call.journal.count(call.tag, pathname, call.connection)
  const name = pathname.split('/')[1] ?? ''
  const handler = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (handler === undefined) {
    sendJson(call, { error: `no such route: ${pathname}` }, { status: 404 })
    return
  }
  await handler(call)
}

/** Records how the call ended, and bounds it. */
function watch(call: Call): void {
  const { response, journal, tag, connection } = call
  const timer = setTimeout(() => {
    breakOff(call)
  }, LIMIT_MS)
  timer.unref()
  response.once('close', () => {
    clearTimeout(timer)
    const event = response.writableFinished ? 'finished' : 'aborted'
    journal.add(tag, { event, path: call.url.pathname, connection })
  })
}

function makeCall(request: Incoming, response: Outgoing, options: AppOptions): Call {
  const connection = connectionOf(request, options.connections)
  connection.requests += 1
  const ending = { closed: false }
  response.once('close', () => {
    ending.closed = true
  })
  const url = new URL(request.url ?? '/', 'http://server.invalid')
  return {
    request,
    response,
    method: request.method ?? 'GET',
    url,
    segments: url.pathname.split('/').slice(2).map(decodeURIComponent),
    params: url.searchParams,
    tag: url.searchParams.get('tag'),
    listener: options.listener,
    connection: connection.id,
    requestOnConnection: connection.requests,
    journal: options.journal,
    ending,
  }
}

function connectionOf(
  request: Incoming,
  connections: Connections,
): { readonly id: number; requests: number } {
  const key =
    request instanceof Http2ServerRequest ? (request.stream.session ?? request) : request.socket
  const known = connections.get(key)
  if (known !== undefined) return known
  const unknown = { id: 0, requests: 0 }
  connections.set(key, unknown)
  return unknown
}

function fail(call: Call, error: unknown): void {
  if (isGone(call)) return
  if (call.response.headersSent) {
    breakOff(call)
    return
  }
  const mistake = error instanceof BadRequest
  const stack = error instanceof Error ? error.stack : String(error)
  const text = mistake ? error.message : (stack ?? 'no stack')
  const fields: Field[] = [['Content-Type', 'text/plain; charset=utf-8']]
  sendBytes(call, Buffer.from(text), { status: mistake ? 400 : 500, fields })
}
