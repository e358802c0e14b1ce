/** What a caller may pass as `auth` (leaf of steps 2 and 3), made into one of three kinds. */
import { describe } from '../bytes.ts'
import type { Auth, AuthFlow, AuthInput } from '../types.ts'
import { BasicAuth } from './basic.ts'

/** A pair is Basic; functions and objects are taken as they are. */
export function authFrom(input: AuthInput | null | undefined): Auth | null {
  if (input === undefined || input === null) return null
  if (typeof input === 'function') return input
  if (isPair(input)) {
    if (input.length === 2) return new BasicAuth(input[0], input[1])
    throw new TypeError('auth takes a pair: a user name and a password.')
  }
  if (isFlow(input) || hasMethod(input, 'apply')) return input
  throw new TypeError(
    'auth must be a [user name, password] pair, a function, or an object such as BasicAuth, ' +
      `BearerAuth or DigestAuth, not ${describe(input)}.`,
  )
}

/** True for a challenge flow, which wants to see the answer. */
export function isFlow(auth: Auth): auth is AuthFlow {
  return typeof auth === 'object' && hasMethod(auth, 'flow')
}

function isPair(input: AuthInput): input is readonly [string, string] {
  return Array.isArray(input)
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
  )
}
