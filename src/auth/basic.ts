/**
 * Basic authentication (leaf of step 3): one header, known in advance. The secret is a private
 * member, which no inspector, logger or serialiser shows.
 */
import { describe } from '../bytes.ts'
import { encodeBase64 } from '../as-bytes.ts'
import type { AuthRequest, StaticAuth } from '../types.ts'

/** User name and password in an Authorization header (RFC 7617, UTF-8). */
export class BasicAuth implements StaticAuth {
  /** Nothing but the credentials decides the header: it is set when the request is prepared. */
  readonly immediate = true as const
  readonly #header: string

  constructor(username: string, password: string) {
    this.#header = basicCredentials(username, password)
  }

  apply(request: AuthRequest): void {
    request.setHeader('Authorization', this.#header)
  }
}

/** RFC 7617 §2: a colon would end the user name, control characters are forbidden. */
export function basicCredentials(username: string, password: string): string {
  checkText('user name', username)
  checkText('password', password)
  if (username.includes(':')) {
    throw new TypeError('A user name of Basic authentication cannot contain a colon (RFC 7617 §2).')
  }
  return `Basic ${encodeBase64(`${username}:${password}`)}`
}

function checkText(what: string, value: string): void {
  if (typeof value !== 'string') {
    throw new TypeError(`The ${what} must be a string, not ${describe(value)}.`)
  }
  if (/[^\x20-\x7e\x80-\uffff]/.test(value)) {
    throw new TypeError(`The ${what} has a control character, which RFC 7617 forbids.`)
  }
}
