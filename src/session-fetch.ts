/**
 * A WHATWG `fetch` over a session (layer 6), to hand to libraries that take one: it streams, never
 * raises for a status, and rejects as `fetch` does.
 */
import type { RuntimeName } from './ports.ts'
import type * as Call from './session-fetch-call.ts'

let call: typeof Call | null = null

export function sessionFetch(send: Call.Send, runtime: RuntimeName): typeof globalThis.fetch {
  return async (input, init) => {
    call ??= await import('./session-fetch-call.ts')
    return call.fetchOver(send, runtime, { input, init })
  }
}
