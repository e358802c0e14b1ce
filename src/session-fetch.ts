/**
 * A WHATWG `fetch` over a session (layer 6), to hand to libraries that take one: it streams, never
 * raises for a status, and rejects as `fetch` does.
 */
import type { Response } from './response.ts'
import type { RequestOptions } from './settings.ts'
import type { Credentials, DataInput, HeadersInput } from './types.ts'

type Send = (method: string, url: string, options: RequestOptions) => Promise<Response>

export function sessionFetch(send: Send): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const request = typeof input === 'object' && 'method' in input ? input : null
    const signal = init.signal ?? request?.signal ?? null
    const redirect = init.redirect ?? request?.redirect ?? 'follow'
    const credentials = init.credentials ?? request?.credentials
    const headers = init.headers ?? request?.headers
    const body = init.body === undefined ? (request?.body ?? null) : init.body
    try {
      const response = await send(init.method ?? request?.method ?? 'GET', urlOf(input), {
        stream: true,
        raiseForStatus: false,
        signal,
        // Whatever fetch takes as a body or as headers, we take too.
        data: body as DataInput,
        ...(headers === undefined ? {} : { headers: headers as HeadersInput }),
        ...(redirect === 'follow' ? {} : { allowRedirects: false }),
        ...(credentials === undefined ? {} : { credentials: credentials as Credentials }),
      })
      if (redirect === 'error' && response.isRedirect) {
        await response.close()
        throw new Error(`The server redirects, and redirect is 'error'.`)
      }
      return response.toResponse()
    } catch (cause) {
      if (signal?.aborted === true) throw signal.reason
      throw new TypeError('fetch failed', { cause })
    }
  }
}

function urlOf(input: string | URL | globalThis.Request): string {
  if (typeof input === 'string') return input
  return input instanceof URL ? input.href : input.url
}
