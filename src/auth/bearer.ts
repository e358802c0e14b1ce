/** Bearer tokens (leaf of step 3): one header, known in advance; the token is a private member. */
import { describe } from '../bytes.ts'
import type { AuthRequest, StaticAuth } from '../types.ts'

/** A token in an Authorization header (RFC 6750). */
export class BearerAuth implements StaticAuth {
  readonly immediate = true as const
  readonly #header: string

  constructor(token: string) {
    this.#header = `Bearer ${checkToken(token)}`
  }

  apply(request: AuthRequest): void {
    request.setHeader('Authorization', this.#header)
  }
}

/** More than RFC 6750's b64token, for tokens in use that have a bar or a colon; what would end the
 *  credentials or the header is refused. */
function checkToken(token: string): string {
  if (typeof token !== 'string') {
    throw new TypeError(`A bearer token must be a string, not ${describe(token)}.`)
  }
  if (/^[!#-+\--~]+$/.test(token)) return token
  throw new TypeError(
    'A bearer token must be one or more visible ASCII characters without spaces, commas and quotes.',
  )
}
