/** One request at the test server, and the few ways to answer it. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Http2ServerRequest, constants } from 'node:http2'
import type { Writable } from 'node:stream'
import { corsFields } from './cors.ts'
import type { Journal } from './journal.ts'

export type Incoming = IncomingMessage | Http2ServerRequest
/** What the answers of HTTP/1.1 and HTTP/2 have in common. */
export interface Outgoing extends Writable {
  readonly headersSent: boolean
  statusMessage: string
  writeHead(status: number, headers?: OutgoingHttpHeaders): unknown
  /** HTTP/2 sends them with `writeHead`. */
  flushHeaders?(): void
}

export interface Call {
  readonly request: Incoming
  readonly response: Outgoing
  readonly method: string
  readonly url: URL
  /** The path without its first segment, split and decoded. */
  readonly segments: readonly string[]
  readonly params: URLSearchParams
  /** `?tag=`: whose events these are. */
  readonly tag: string | null
  readonly listener: string
  readonly connection: number
  readonly requestOnConnection: number
  readonly journal: Journal
  /** Of the answer; HTTP/2's compatibility layer has no such members of its own. */
  readonly ending: { closed: boolean }
}

export type Handler = (call: Call) => void | Promise<void>
export type Routes = Readonly<Record<string, Handler>>
export type Field = readonly [name: string, value: string]

/** A mistake of whoever asked: becomes a 400 with that message. */
export class BadRequest extends Error {}

export function sendJson(
  call: Call,
  value: unknown,
  { status = 200, fields = [] }: { status?: number; fields?: readonly Field[] } = {},
): void {
  const text = JSON.stringify(value)
  sendBytes(call, Buffer.from(text), {
    status,
    fields: [['Content-Type', 'application/json'], ...fields],
  })
}

/** The whole body at once, with its length. */
export function sendBytes(
  call: Call,
  bytes: Uint8Array,
  { status = 200, fields = [] }: { status?: number; fields?: readonly Field[] } = {},
): void {
  sendHead(call, status, [...fields, ['Content-Length', String(bytes.length)]])
  call.response.end(bytes)
}

/** As fast as the client takes it; without a Content-Length among the fields it is chunked. */
export async function sendChunks(
  call: Call,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
  { status = 200, fields = [] }: { status?: number; fields?: readonly Field[] } = {},
): Promise<void> {
  sendHead(call, status, fields)
  if (call.method === 'HEAD') {
    call.response.end()
    return
  }
  for await (const chunk of chunks) {
    if (isGone(call)) return
    if (!call.response.write(chunk)) await drained(call.response)
  }
  call.response.end()
}

/** Status and fields alone; repeated names become repeated lines. */
export function sendHead(call: Call, status: number, fields: readonly Field[]): void {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string>
  for (const [name, value] of [...fields, ...corsFields(call.request, fields)]) {
    const before = headers[name]
    headers[name] =
      before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  call.response.writeHead(status, headers)
}

/** Ends the answer as a fault: HTTP/1.1 loses its connection, HTTP/2 resets the stream alone. */
export function breakOff({ request, response }: Call): void {
  if (request instanceof Http2ServerRequest) request.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else response.destroy()
}

/** Whether the client has left, so that nothing more need be sent. */
export function isGone({ ending }: Call): boolean {
  return ending.closed
}

/** Resolves when the client leaves or the answer is finished. */
export async function gone({ response, ending }: Call): Promise<void> {
  if (ending.closed) return
  await new Promise<void>((resolve) => response.once('close', resolve))
}

/** Waits, but not longer than the client does. */
export async function pause(call: Call, milliseconds: number): Promise<void> {
  if (isGone(call)) return
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      call.response.off('close', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    call.response.once('close', finish)
  })
}

/** A whole number of the query or path, within bounds. */
export function numberOf(
  text: string | null | undefined,
  fallback: number,
  [least, most]: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER],
): number {
  if (text === null || text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new BadRequest(`not a number from ${String(least)} to ${String(most)}: ${text}`)
}

/** Resolves when more is wanted, or nothing ever will be. */
export async function drained(response: Writable): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      response.off('drain', finish)
      response.off('close', finish)
      resolve()
    }
    response.once('drain', finish)
    response.once('close', finish)
  })
}
