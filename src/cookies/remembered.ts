/** What was worked out for a text, for as long as that text keeps coming: bounded in number and size. */

/** Two of these together are more than a full jar has cookies. */
const GENERATION = 2000
const LONGEST = 256

export class Remembered<T> {
  #young = new Map<string, T>()
  #old: Map<string, T> | null = null

  get(text: string): T | undefined {
    const young = this.#young.get(text)
    if (young !== undefined || this.#old === null) return young
    const old = this.#old.get(text)
    // Asked for again: it outlives its generation.
    return old === undefined ? undefined : this.keep(copyText(text), old)
  }

  /** @param text one of its own, see `copyText`. */
  keep(text: string, value: T): T {
    if (text.length > LONGEST) return value
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, value)
    return value
  }
}

/**
 * Engines let a part of a text hold on to the whole, here to the value of a cookie. A text that is
 * joined of two is a new one.
 */
export function copyText(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('')
}
