/** How a request is named in messages and errors: without anything that may be a secret. */
import type { ErrorRequest } from '../../src/call-errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { redactURL } from '../../src/shown-url.ts'

export function errorRequest(request: WireRequest): ErrorRequest {
  return { method: request.method, url: redactURL(request.url) }
}

/** `GET https://host/path`, to begin a message with. */
export function nameRequest(request: WireRequest): string {
  return `${request.method} ${redactURL(request.url)}`
}

/** How far it had come, for messages. */
export function timeOf({ deadline }: WireRequest): string {
  return `after ${String(Math.round(deadline.elapsed))} milliseconds`
}
