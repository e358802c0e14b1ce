/** What the calls of a session share (layer 5), made with the first: most of many are idle. */
import type { CallDeadline } from './deadline.ts'
import type { SendContext } from './exchange.ts'
import { LinkedList } from './linked.ts'
import type { CallPlatform, Transport } from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { CookieStore } from './types.ts'

export class SessionCalls {
  readonly #platform: CallPlatform
  readonly #transportFor: (url: URL) => Transport
  readonly #underWay = new LinkedList<CallDeadline>()
  /** Of the last call: the next is likely to say the same. */
  #context: SendContext | null = null

  constructor(platform: CallPlatform, transportFor: (url: URL) => Transport) {
    this.#platform = platform
    this.#transportFor = transportFor
  }

  /** @param home see `SendContext`. */
  contextFor(settings: SendSettings, jar: CookieStore, home: string | null): SendContext {
    const last = this.#context
    if (last?.settings === settings && last.jar === jar && last.home === home) return last
    this.#context = {
      platform: this.#platform,
      jar,
      settings,
      home,
      transportFor: this.#transportFor,
      track: this.#track,
    }
    return this.#context
  }

  fail(reason: unknown): void {
    for (const call of this.#underWay.members()) call.fail(reason)
  }

  /** Until the call is over, when it leaves by itself. */
  readonly #track = (call: CallDeadline): void => {
    if (!call.ended) this.#underWay.add(call)
  }
}
