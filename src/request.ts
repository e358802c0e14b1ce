/** What a caller asks for (layer 4), before anything is merged; `requests.Request`. */
import { NO_DEFAULTS, prepareRequest } from './prepare-request.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { RequestInput } from './settings.ts'
import type { URLInput } from './types.ts'

export class Request {
  method: string
  // Private, so that no log shows their secrets.
  #url: URLInput
  #options: RequestInput

  /** @throws TypeError for an option that `session.send` takes, such as `timeout` */
  constructor(method: string, url: URLInput, options: RequestInput = {}) {
    const misplaced = Object.keys(options).find((key) => !OPTIONS.has(key))
    if (misplaced !== undefined) {
      throw new TypeError(
        `A Request has no option ${misplaced}; how a request is sent is said to send: session.send(prepared, {${misplaced}: …}).`,
      )
    }
    this.method = method
    this.#url = url
    this.#options = options
  }

  get url(): URLInput {
    return this.#url
  }
  set url(value: URLInput) {
    this.#url = value
  }

  get options(): RequestInput {
    return this.#options
  }
  set options(value: RequestInput) {
    this.#options = value
  }

  /** Complete, without a session's defaults. @throws InvalidURLError, InvalidHeaderError, TypeError */
  prepare(): PreparedRequest {
    return prepareRequest(this, NO_DEFAULTS)
  }
}

const OPTIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['params', 'headers', 'cookies', 'auth', 'json', 'data', 'files', 'hooks'],
])
