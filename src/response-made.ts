/** A response made by hand (layer 2): for mocks, hooks and tests. */
import { Headers } from './headers.ts'
import { Response as AnyResponse } from './response.ts'
import type { ResponseHead, ResponseInit } from './response.ts'
import { bodyFromInput } from './response-input.ts'
import type { ResponseInput } from './response-input.ts'
import { responseParts } from './response-parts.ts'

/** An answer: what calls resolve to, and what can be made for a mock. */
export type Response = AnyResponse

/** One type for both: whoever names it need not care which one it was. */
export interface ResponseClass {
  readonly prototype: Response
  new (body?: ResponseInput, init?: ResponseInit): Response
}

export const Response: ResponseClass = class Response extends AnyResponse {
  constructor(body: ResponseInput = null, init: ResponseInit = {}) {
    super(bodyFromInput(body), headOf(init), {
      headers: new Headers(init.headers),
      parts: responseParts,
      createJar: null,
      files: undefined,
      runtime: 'fetch',
      isDecoded: false,
      degraded: [],
      secretHeaders: [],
    })
  }

  /** Holds for the responses of calls, too; a class derived by a user is asked by its prototype. */
  static override [Symbol.hasInstance](this: typeof Response, value: unknown): boolean {
    const { prototype } = this === Response ? AnyResponse : this
    return Object.prototype.isPrototypeOf.call(prototype, Object(value))
  }
}

/** What it says now: nothing that it says later is heard. */
function headOf(head: ResponseInit): ResponseHead {
  const { status, statusText, url, redirected, request, history } = head
  const { elapsed, httpVersion, timings } = head
  const said = { status, statusText, url, redirected, request, history }
  return { ...said, elapsed, httpVersion, timings }
}
