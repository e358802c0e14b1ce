/** What the calls of a session share (layer 5), made with the first: most of many are idle. */
import type { CallDeadline } from './deadline.ts'
import type { Transport } from './ports.ts'

export class SessionCalls {
  readonly transportFor: (url: URL) => Transport
  readonly #underWay = new Set<CallDeadline>()
  readonly #forget = (call: CallDeadline): void => void this.#underWay.delete(call)

  constructor(transportFor: (url: URL) => Transport) {
    this.transportFor = transportFor
  }

  readonly track = (call: CallDeadline): void => {
    this.#underWay.add(call)
    call.onEnd(this.#forget)
  }

  fail(reason: unknown): void {
    for (const call of this.#underWay) call.fail(reason)
  }
}
