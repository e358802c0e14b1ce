/**
 * Digest authentication (leaf of step 3; RFC 7616): who logs in, and the challenges remembered. The
 * secrets are private members, which no inspector, logger or serialiser shows.
 */
import { describe } from '../bytes.ts'
import { own } from '../own.ts'
import type { AuthFlow, AuthRequest, AuthResponse } from '../types.ts'
import type { Account, Space } from './digest-flow.ts'

export interface DigestOptions {
  /** The user name and password are for the proxy: 407 is answered instead of 401. */
  readonly proxy?: boolean | undefined
}

/** User name and password, sent as a digest when the server asks; `HTTPDigestAuth`. */
export class DigestAuth implements AuthFlow {
  readonly forProxy: boolean
  readonly #username: string
  readonly #password: string
  /** By origin, of the proxy if it is for that: a nonce of one server is never used for another (CVE-2026-7168). */
  readonly #spaces = new Map<string, Space>()

  constructor(username: string, password: string, options: DigestOptions = {}) {
    this.forProxy = own(options, 'proxy') ?? false
    this.#username = checkText('user name', username)
    this.#password = checkText('password', password)
  }

  /** The rules are loaded with the first request: most programs use no digests. */
  async *flow(request: AuthRequest): AsyncGenerator<void, void, AuthResponse> {
    const { digestFlow } = await import('./digest-flow.ts')
    yield* digestFlow(request, this.#account())
  }

  /** A count that the server has seen may not come again (RFC 7616 §3.4). */
  async again(request: AuthRequest): Promise<void> {
    const { countAgain } = await import('./digest-flow.ts')
    await countAgain(request, this.#account())
  }

  #account(): Account {
    const { forProxy } = this
    const [username, password, spaces] = [this.#username, this.#password, this.#spaces]
    return { username, password, forProxy, spaces }
  }
}

function checkText(what: string, value: string): string {
  if (typeof value !== 'string') {
    throw new TypeError(`The ${what} must be a string, not ${describe(value)}.`)
  }
  if (/[^\x20-\x7e\x80-\uffff]/.test(value)) {
    throw new TypeError(`The ${what} has a control character.`)
  }
  return value
}
