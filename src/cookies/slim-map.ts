/**
 * A map by text that needs no table for its first entry. A `Map` takes 180 bytes from that one on, and
 * of many sessions most know one host, and one cookie of it.
 */
export class SlimMap<T> {
  #text = ''
  #first: T | undefined = undefined
  /** Made with the second entry, and then for all of them. */
  #map: Map<string, T> | null = null

  get(text: string): T | undefined {
    if (this.#map !== null) return this.#map.get(text)
    return this.#text === text ? this.#first : undefined
  }

  set(text: string, value: T): void {
    if (this.#map !== null) {
      this.#map.set(text, value)
    } else if (this.#first === undefined || this.#text === text) {
      this.#text = text
      this.#first = value
    } else {
      this.#map = new Map([[this.#text, this.#first]])
      this.#map.set(text, value)
      this.#first = undefined
    }
  }

  delete(text: string): void {
    if (this.#map !== null) this.#map.delete(text)
    else if (this.#text === text) this.#first = undefined
  }

  /** In the order in which they came. */
  values(): Iterable<T> {
    if (this.#map !== null) return this.#map.values()
    return this.#first === undefined ? [] : [this.#first]
  }
}
