/**
 * A transport that asks a function instead of a server: an in-process app, a mock, a service binding
 * of a Worker. The function is one of Fetch's shape, a Request in and a Response out.
 */
import { own } from '../../src/own.ts'
import type { Capabilities, RedirectRules, Transport } from '../../src/ports.ts'
import { redirectRules } from '../../src/redirect.ts'
import { fetchCapabilities } from './capabilities.ts'
import type { FetchHandler } from './handler-sender.ts'
import { laterSender } from './sender.ts'
import type { Sender } from './sender.ts'
import { FetchTransport } from './transport.ts'

export type { FetchHandler } from './handler-sender.ts'

export interface HandlerOptions {
  /** Bodies come without the content codings that their headers name, as from a native `fetch`. */
  readonly decoded?: boolean | undefined
}

/**
 * @example
 * session.mount('https://api.test/', handlerTransport((request) => app.fetch(request)))
 */
export function handlerTransport(
  handler: FetchHandler | { readonly fetch: FetchHandler },
  options: HandlerOptions = {},
): Transport {
  const call: FetchHandler =
    typeof handler === 'function' ? handler : (request) => handler.fetch(request)
  const decoded = own(options, 'decoded') ?? false
  const capabilities = handlerCapabilities(decoded)
  const load = async (): Promise<Sender> =>
    (await import('./handler-sender.ts')).handlerSender(call, { decoded, capabilities })
  return new HandlerTransport(laterSender('fetch', capabilities, load))
}

class HandlerTransport extends FetchTransport {
  readonly redirects: RedirectRules = redirectRules
}

/** Nothing is between the two, so that little cannot be done. */
function handlerCapabilities(decoded: boolean): Capabilities {
  return {
    ...fetchCapabilities,
    hostHeader: true,
    anyMethod: true,
    latin1Headers: true,
    uploadLength: true,
    postOnce: true,
    rawBody: !decoded,
  }
}
