/** Which requests went out as a stream: what a failure of theirs may have been about. */
import type { WireRequest } from '../../src/ports.ts'

const streamed = /* @__PURE__ */ new WeakSet<WireRequest>()

/** Remembers what a failure of this request may have been about. */
export function noteStreamed(request: WireRequest): void {
  streamed.add(request)
}
export function wasStreamed(request: WireRequest): boolean {
  return streamed.has(request)
}
