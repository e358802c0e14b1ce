/** What was worked out for a text, for as long as that text keeps coming: bounded in number and size. */

/** Two of these together are more than a full jar has cookies. */
const GENERATION = 2000
const LONGEST = 256

export class Remembered<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  get(text: string): T | undefined {
    const young = this.#young.get(text)
    if (young !== undefined) return young
    const old = this.#old.get(text)
    // Asked for again: it outlives its generation.
    return old === undefined ? undefined : this.keep(text, old)
  }

  keep(text: string, value: T): T {
    if (text.length > LONGEST) return value
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    // A copy: engines let a part of a text hold on to the whole, here the value of a cookie.
    this.#young.set(`${text};`.slice(0, -1), value)
    return value
  }
}
