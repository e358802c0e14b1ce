/** How fast a download may go: the pause of the caller, and one rate for all its connections. */
import type { Clock } from '../ports.ts'
import type { Gate } from './control.ts'

/** Time that was not used is not saved up: else a pause would end in a burst. */
const BURST_MS = 100
const LEAST_STEP = 4096

export class Pace {
  readonly #clock: Clock
  readonly #gate: Gate
  /** Bytes per second, or null for no limit. */
  readonly #maxRate: number | null
  #due = 0

  constructor(clock: Clock, gate: Gate, maxRate: number | null) {
    this.#clock = clock
    this.#gate = gate
    this.#maxRate = maxRate
  }

  /** Firefox hands over megabytes at once, which would be a burst and then a long silence. */
  pieces(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.#maxRate === null) return [chunk]
    const step = Math.max(LEAST_STEP, Math.ceil(this.#maxRate / 20))
    const pieces: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += step) pieces.push(chunk.subarray(at, at + step))
    return pieces
  }

  /** Null where there is nothing to wait for. */
  take(bytes: number, signal: AbortSignal): Promise<void> | null {
    if (this.#maxRate === null) return this.#gate.closed ? this.#gate.pass(signal) : null
    const now = this.#clock.now()
    this.#due = Math.max(this.#due, now - BURST_MS) + (bytes / this.#maxRate) * 1000
    if (this.#due <= now && !this.#gate.closed) return null
    return this.#wait(this.#due - now, signal)
  }

  /** Before a request: no new connections while the caller pauses. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#gate.pass(signal)
    if (signal.aborted) throw signal.reason
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        ticket.cancel()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      // Held: between two requests nothing else keeps the process alive.
      const ticket = this.#clock.start(finish, milliseconds, true)
      signal.addEventListener('abort', finish, { once: true })
    })
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.sleep(milliseconds, signal)
    await this.#gate.pass(signal)
  }
}
