/** What a `fetch` is given besides the URL, and the keys of it that a caller's `init` hints may set. */
import type { WireRequest } from '../../src/ports.ts'
import type { NativeInit } from './dialect.ts'

/** What every call gives; `init` of the dialect adds to it. */
export function fetchInit(
  { method, redirect }: WireRequest,
  headers: HeadersInit,
  signal: AbortSignal | null,
  body: BodyInit | null,
): NativeInit {
  const init = new Init()
  init['method'] = method
  init['headers'] = headers
  init['redirect'] = redirect
  init['signal'] = signal
  // Said in any case: Node's fetch copies the init to an object that has a prototype again.
  init['body'] = body
  return init
}

/** Fetch looks up on the prototype whatever is not there: this one has nothing, and no parent. To have
 *  none itself costs an object half a microsecond. */
const Init = /* @__PURE__ */ inheritingNothing(
  class {
    readonly [key: string]: unknown
  },
)

function inheritingNothing(type: new () => NativeInit): new () => NativeInit {
  // The prototype of a class is an object.
  const prototype = type.prototype as object
  Reflect.deleteProperty(prototype, 'constructor')
  Object.setPrototypeOf(prototype, null)
  return type
}

const STANDARD = [
  'cache',
  'integrity',
  'keepalive',
  'mode',
  'priority',
  'referrer',
  'referrerPolicy',
  'window',
] as const

/** Sparse: a key is set only when the caller has set it. */
export function pickInit(
  hints: Readonly<Record<string, unknown>>,
  init: NativeInit,
  keys: readonly string[] = STANDARD,
): NativeInit {
  // Most calls have no hints, and a loop over nothing costs nothing.
  for (const key in hints) {
    const isOurs = keys.includes(key) && Object.hasOwn(hints, key)
    if (isOurs && hints[key] !== undefined) init[key] = hints[key]
  }
  return init
}
