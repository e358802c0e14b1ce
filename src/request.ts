/** What a caller asks for (layer 4), before anything is merged; `requests.Request`. */
import { prepareRequest } from './prepare.ts'
import type { PreparedRequest } from './prepared-request.ts'
import type { PrepareOptions, RequestOptions } from './settings.ts'
import type { URLInput } from './types.ts'

export class Request {
  method: string
  url: URLInput
  options: RequestOptions

  constructor(method: string, url: URLInput, options: RequestOptions = {}) {
    this.method = method
    this.url = url
    this.options = options
  }

  /** Complete, without a session's defaults. @throws InvalidURLError, InvalidHeaderError, TypeError */
  prepare(): PreparedRequest {
    return prepareRequest(this.method, this.url, this.options as PrepareOptions, {
      base: null,
      session: {},
    })
  }
}
