/** Credentials for the proxy (leaf of step 3); the transport gives them to nobody else. */
import type { AuthRequest, StaticAuth } from '../types.ts'
import { basicCredentials } from './basic.ts'

/** User name and password for the proxy, in a Proxy-Authorization header; `HTTPProxyAuth`. */
export class ProxyAuth implements StaticAuth {
  readonly forProxy = true as const
  readonly #header: string

  constructor(username: string, password: string) {
    this.#header = basicCredentials(username, password)
  }

  apply(request: AuthRequest): void {
    request.setHeader('Proxy-Authorization', this.#header)
  }
}
