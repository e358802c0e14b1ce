/**
 * Saves a jar that outlives the process after the calls that changed it (layer 1). A save that fails
 * fails no call: the jar keeps its changes for the next save, and closing the session says so.
 */
import type { CookieStore } from './types.ts'

export class JarSaver {
  #running: Promise<void> | null = null

  /** The outcome of the call. `within`: only when what it changed has been saved. */
  async after<T>(call: Promise<T>, jar: CookieStore, within: boolean): Promise<T> {
    try {
      return await call
    } finally {
      if (jar.changed === true) {
        // Not by way of `#running`: on workerd no request may wait for another one's promise.
        const saving = within ? jar.save?.() : this.save(jar)
        const quiet = saving?.catch(() => undefined)
        if (within) await quiet
      }
    }
  }

  /**
   * Resolves when every change so far is saved. Saves do not overlap: what changes during one is
   * written by the next, for all who wait.
   * @throws what the storage threw
   */
  async save(jar: CookieStore): Promise<void> {
    // Its failure is not ours: our turn is a new try.
    if (this.#running !== null) await this.#running.catch(() => undefined)
    if (jar.changed !== true || jar.save === undefined) return
    this.#running ??= this.#saveOnce(jar.save.bind(jar))
    await this.#running
  }

  async #saveOnce(save: () => Promise<void>): Promise<void> {
    try {
      await save()
    } finally {
      this.#running = null
    }
  }
}

/** In a service worker, what was written is still on its way into the browser's jar. */
export function afterWrites<T>(jar: CookieStore, start: () => Promise<T>): Promise<T> {
  // A write that failed fails no call: saving the jar says so.
  return jar.changed === true && jar.reload ? jar.reload().then(start, start) : start()
}
