/** What a caller may do to a download under way: pause it and let it go on. */

/** A promise of the result, with the means to pause. */
export interface Download<Result> extends Promise<Result> {
  /** Stops reading; the connections stay open for as long as the server lets them. */
  pause(): void
  resume(): void
  readonly paused: boolean
}

export class Gate {
  #waiting: (() => void)[] = []
  #closed = false

  get closed(): boolean {
    return this.#closed
  }

  close(): void {
    this.#closed = true
  }

  open(): void {
    this.#closed = false
    for (const go of this.#waiting.splice(0)) go()
  }

  /** Resolves when the gate is open, or when `signal` is aborted. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#closed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go)
          resolve()
        }
        signal.addEventListener('abort', go, { once: true })
        this.#waiting.push(go)
      })
    }
  }
}
