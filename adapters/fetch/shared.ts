/** One transport for all, made when it is first asked for: nothing runs when a module is loaded. */
import type { Transport } from '../../src/ports.ts'

export function shareTransport(make: () => Transport): () => Transport {
  let shared: Transport | null = null
  return () => (shared ??= make())
}
