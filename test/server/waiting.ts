/** Long polls: somebody waits for a condition, somebody else says that something has changed. */

export class Waiting {
  readonly #checks = new Set<() => void>()

  /** Something has changed: every condition is looked at again. */
  notify(): void {
    for (const check of [...this.#checks]) check()
  }

  /** True when the condition holds, false when the time is over or everything closes. */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    if (condition()) return true
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        clearTimeout(timer)
        this.#checks.delete(check)
        resolve(result)
      }
      const check = (): void => {
        if (condition()) finish(true)
      }
      const timer = setTimeout(() => {
        finish(false)
      }, limitMs)
      timer.unref()
      this.#checks.add(check)
    })
  }
}
