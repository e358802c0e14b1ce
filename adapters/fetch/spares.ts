/** What calls leave to the next ones, where nobody but the runtime is given any of it. */
import type { HeaderPairs } from '../../src/ports.ts'
import { headersInit } from './headers-init.ts'

/** As many calls may be under way at one time without a new controller. */
const MOST_CONTROLLERS = 100

/** For a `fetch` that nobody can have replaced: another one could change what it is given, or keep it. */
export class Spares {
  readonly #controllers: AbortController[] = []
  #pairs: HeaderPairs | null = null
  #headers: Headers | null = null

  /** As good as new: one that a call got to its end with. */
  takeController(): AbortController {
    return this.#controllers.pop() ?? new AbortController()
  }

  keepController(controller: AbortController): void {
    if (controller.signal.aborted || this.#controllers.length >= MOST_CONTROLLERS) return
    this.#controllers.push(controller)
  }

  /** Most calls are sent with the fields of the one before, in the very list. */
  headersOf(pairs: HeaderPairs): Headers {
    if (this.#headers === null || pairs !== this.#pairs) {
      this.#headers = new Headers(headersInit(pairs))
      this.#pairs = pairs
    }
    return this.#headers
  }
}
