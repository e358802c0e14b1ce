/** A jar for places where script has none (layer 1): it keeps nothing and sends nothing. */
import { UnsupportedError } from './call-errors.ts'
import type { CookieRecord, CookieStore } from './types.ts'

export function emptyJar(): CookieStore {
  return {
    size: 0,
    isNative: true,
    set: refuse,
    update: refuse,
    get: () => undefined,
    delete: () => false,
    clear: () => undefined,
    toObject: () => ({}),
    header: () => null,
    setCookie: () => undefined,
    [Symbol.iterator]: (): Iterator<CookieRecord> => [][Symbol.iterator](),
  }
}

function refuse(): never {
  throw new UnsupportedError(
    'Cookies cannot be set here: the browser keeps them by itself, see the option credentials.',
  )
}
