/** What the calls of a session share (layer 5), made with the first: most of many are idle. */
import type { CallDeadline } from './deadline.ts'
import { LinkedList } from './linked.ts'
import type { Transport } from './ports.ts'

export class SessionCalls {
  readonly transportFor: (url: URL) => Transport
  readonly #underWay = new LinkedList<CallDeadline>()

  constructor(transportFor: (url: URL) => Transport) {
    this.transportFor = transportFor
  }

  /** Until the call is over, when it leaves by itself. */
  readonly track = (call: CallDeadline): void => {
    if (!call.ended) this.#underWay.add(call)
  }

  fail(reason: unknown): void {
    for (const call of this.#underWay.members()) call.fail(reason)
  }
}
