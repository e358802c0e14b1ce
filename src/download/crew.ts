/** Tasks that work at one thing together: the first that fails ends them all. */

export class Crew {
  peak = 0
  readonly #fail: (error: unknown) => void
  #size = 0
  #failure: { readonly error: unknown } | null = null
  #whenDone: (() => void) | null = null

  /** @param fail stops the others; called once. */
  constructor(fail: (error: unknown) => void) {
    this.#fail = fail
  }

  get size(): number {
    return this.#size
  }

  add(task: () => Promise<void>): void {
    this.#size++
    this.peak = Math.max(this.peak, this.#size)
    task()
      .catch((error: unknown) => {
        if (this.#failure !== null) return
        this.#failure = { error }
        this.#fail(error)
      })
      .finally(() => {
        this.#size--
        if (this.#size === 0) this.#whenDone?.()
      })
      .catch(() => undefined)
  }

  /** Resolves when nobody works any more. @throws what the first to fail threw */
  async done(): Promise<void> {
    if (this.#size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenDone = resolve
      })
    }
    if (this.#failure !== null) throw this.#failure.error
  }
}
