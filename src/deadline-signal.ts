/**
 * One listener for all calls that share a caller's signal (leaf of the deadline): a listener each
 * would cost a third more per call, and makes Node warn of a leak from the eleventh on.
 */
import { describe } from './bytes.ts'

/** What is told, once, with the reason of the signal. */
export interface SignalWatcher {
  signalled(reason: unknown): void
}

/** By signal, and gone with it: nothing is shared between requests but a signal they share. */
const fans = new WeakMap<AbortSignal, SignalFan>()

export function watchSignal(signal: AbortSignal, watcher: SignalWatcher): void {
  let fan = fans.get(signal)
  if (fan === undefined) {
    fan = new SignalFan(signal)
    fans.set(signal, fan)
  }
  fan.add(watcher)
}

export function unwatchSignal(signal: AbortSignal, watcher: SignalWatcher): void {
  fans.get(signal)?.delete(watcher)
}

class SignalFan {
  readonly #signal: AbortSignal
  readonly #watchers = new Set<SignalWatcher>()

  constructor(signal: AbortSignal) {
    if (typeof signal.addEventListener !== 'function') {
      throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}.`)
    }
    this.#signal = signal
  }

  add(watcher: SignalWatcher): void {
    if (this.#watchers.size === 0) this.#signal.addEventListener('abort', this, { once: true })
    this.#watchers.add(watcher)
  }

  delete(watcher: SignalWatcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return
    this.#signal.removeEventListener('abort', this)
  }

  handleEvent(): void {
    const watchers = [...this.#watchers]
    this.#watchers.clear()
    // Undefined is a reason too, in engines that know none.
    const reason: unknown = this.#signal.reason
    for (const watcher of watchers) watcher.signalled(reason)
  }
}
