/** The checks of a request that is complete (layer 2), without the class that callers change. */
import { isFlow } from './auth/from-input.ts'
import { InvalidHeaderError } from './errors.ts'
import { Headers } from './headers.ts'
import type { PreparedInit } from './prepared-init.ts'
import type { Auth } from './types.ts'

/** What one `send` works with: method checked, auth that is but a header set. */
export function completeParts(init: PreparedInit): PreparedInit {
  const method = checkMethod(init.method)
  const { auth } = init
  if (auth === null || !isImmediate(auth)) {
    return method === init.method ? init : { ...init, method }
  }
  const headers = new Headers(init.headers)
  applyNow(auth, { ...init, method }, headers)
  return { ...init, method, headers: headers.pairs(), auth: null }
}

/** Basic and Bearer need nothing but a header: set at once, where it can be seen and changed. */
export function isImmediate(auth: Auth): boolean {
  return !isFlow(auth) && 'immediate' in auth
}

/** False for auth that has to wait until the request is sent. */
export function applyNow(
  auth: Auth,
  { method, url, body }: Pick<PreparedInit, 'method' | 'url' | 'body'>,
  headers: Headers,
): boolean {
  if (typeof auth === 'function' || !('apply' in auth)) return false
  void auth.apply({
    method,
    url,
    body,
    header: (name) => headers.get(name),
    setHeader: (name, value) => {
      headers.set(name, value)
    },
  })
  return true
}

const COMMON: readonly string[] = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE']
const STANDARD = /^(?:get|head|post|put|delete|connect|options|trace|patch)$/i

/** Upper-cased for the methods of RFC 9110 and PATCH. @throws InvalidHeaderError */
export function checkMethod(method: string): string {
  if (COMMON.includes(method)) return method
  if (typeof method !== 'string' || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method)) {
    const shown = typeof method === 'string' ? JSON.stringify(method.slice(0, 40)) : typeof method
    throw new InvalidHeaderError(
      `The method ${shown} is not an HTTP method: letters, digits and !#$%&'*+-.^_\`|~ only.`,
    )
  }
  if (/^(?:connect|trace|track)$/i.test(method)) {
    throw new InvalidHeaderError(`The method ${method} is refused, as by every fetch.`)
  }
  return STANDARD.test(method) ? method.toUpperCase() : method
}
