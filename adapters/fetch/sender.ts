/** What sends over a native `fetch`, here already or still to be loaded. */
import type { Capabilities, RuntimeName, WireRequest, WireResponse } from '../../src/ports.ts'

export interface Sender {
  readonly runtime: RuntimeName
  readonly capabilities: Capabilities
  send(request: WireRequest): Promise<WireResponse>
}

/** Loaded with the first request; those after it do not wait. */
export function laterSender(
  runtime: RuntimeName,
  capabilities: Capabilities,
  load: () => Promise<Sender>,
): Sender {
  let loaded: Sender | null = null
  const sendFirst = async (request: WireRequest): Promise<WireResponse> => {
    loaded ??= await load()
    return loaded.send(request)
  }
  return {
    runtime,
    capabilities,
    send: (request) => (loaded === null ? sendFirst(request) : loaded.send(request)),
  }
}
