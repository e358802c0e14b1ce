/** `/echo`, `/anything`: what arrived, as exactly as the protocol lets one see it. */
import { sendJson } from '../call.ts'
import type { Call, Routes } from '../call.ts'
import { readBody } from '../request-body.ts'

export const echoRoutes: Routes = { echo, anything: echo }

/** Also what other routes answer when they have nothing better to say. */
export async function echo(call: Call): Promise<void> {
  sendJson(call, await describeRequest(call))
}

export async function describeRequest(call: Call): Promise<Record<string, unknown>> {
  const { request, method, listener, connection, requestOnConnection } = call
  const body = await readBody(call)
  return {
    method,
    /** The request target, as it was on the wire. */
    url: request.url,
    args: [...call.params],
    headers: headerPairs(request.rawHeaders),
    bodyBase64: body.bytes?.toString('base64') ?? null,
    bodyLength: body.length,
    bodySha256: body.sha256,
    framing: {
      contentLength: request.headers['content-length'] ?? null,
      transferEncoding: request.headers['transfer-encoding'] ?? null,
    },
    httpVersion: request.httpVersion,
    listener,
    connection,
    requestOnConnection,
  }
}

function headerPairs(raw: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return pairs
}
