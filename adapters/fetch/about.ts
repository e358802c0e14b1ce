/** How a request is named in messages and errors: without anything that may be a secret. */
import type { ErrorRequest } from '../../src/call-errors.ts'
import { redactURL } from '../../src/shown-url.ts'

/** What errors tell of a request on its way. */
export interface About {
  readonly method: string
  readonly url: URL
  readonly deadline: { readonly elapsed: number }
}

export function errorRequest(request: About): ErrorRequest {
  return { method: request.method, url: redactURL(request.url) }
}

/** `GET https://host/path`, to begin a message with. */
export function nameRequest(request: About): string {
  return `${request.method} ${redactURL(request.url)}`
}

/** How far it had come, for messages. */
export function timeOf({ deadline }: About): string {
  return `after ${String(Math.round(deadline.elapsed))} milliseconds`
}
