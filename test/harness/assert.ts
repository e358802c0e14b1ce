/** The assertions of the conformance suite: small, without dependency, the same in every runtime. */

/** What a failing assertion throws. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AssertionError'
  }
}

/** An error as a test looks at it. */
export interface ThrownError extends Error {
  readonly code?: unknown
  readonly request?: unknown
  readonly response?: unknown
}

export interface ExpectedError {
  readonly code?: string | RegExp
  readonly message?: string | RegExp
}

/** A class, or a name that is the error's own or one of its kinds (a connect timeout has two). */
export type ErrorClass = string | (abstract new (...args: never) => unknown)

export function fail(message: string): never {
  throw new AssertionError(message)
}

/** True, and nothing that merely passes for it. */
export function ok(value: boolean, message = 'expected true'): asserts value is true {
  if ((value as unknown) !== true) fail(`${message} (got ${show(value)})`)
}

export function notOk(value: boolean, message = 'expected false'): asserts value is false {
  if ((value as unknown) !== false) fail(`${message} (got ${show(value)})`)
}

/** Neither null nor undefined. */
export function present<T>(
  value: T,
  message = 'expected a value',
): asserts value is NonNullable<T> {
  if (value === null || value === undefined) fail(`${message} (got ${show(value)})`)
}

/** Deep and strict: `Object.is` for primitives, own enumerable members, no prototypes. */
export function equal(actual: unknown, expected: unknown, message = 'not equal'): void {
  const difference = firstDifference(actual, expected, '')
  if (difference !== null) fail(`${message}: ${difference}`)
}

export function notEqual(actual: unknown, expected: unknown, message = 'equal'): void {
  if (firstDifference(actual, expected, '') === null) fail(`${message}: both are ${show(actual)}`)
}

export function match(actual: unknown, expected: RegExp, message = 'no match'): void {
  if (typeof actual !== 'string' || actual.search(expected) === -1) {
    fail(`${message}: ${show(actual)} does not match ${String(expected)}`)
  }
}

export function bytesEqual(
  actual: Uint8Array,
  expected: Uint8Array,
  message = 'bytes differ',
): void {
  if (!ArrayBuffer.isView(actual)) fail(`${message}: got ${show(actual)} instead of bytes`)
  const shared = Math.min(actual.length, expected.length)
  for (let at = 0; at < shared; at++) {
    if (actual[at] !== expected[at]) {
      const around = (bytes: Uint8Array): string => show(bytes.subarray(at, at + 16))
      fail(`${message} at ${String(at)}: got ${around(actual)}, expected ${around(expected)}`)
    }
  }
  if (actual.length !== expected.length) {
    fail(
      `${message}: got ${String(actual.length)} bytes, expected ${String(expected.length)} (the first ${String(shared)} are equal)`,
    )
  }
}

/** The error that `run` throws, after it was found to be what is expected. */
export function throws(
  run: () => unknown,
  errorClass: ErrorClass,
  expected: ExpectedError = {},
): ThrownError {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    return checkError(error, errorClass, expected)
  }
  return fail(`expected ${className(errorClass)} to be thrown, got ${show(result)}`)
}

/** The error that a promise, or the promise of a function, rejects with. */
export async function rejects(
  promise: PromiseLike<unknown> | (() => unknown),
  errorClass: ErrorClass,
  expected: ExpectedError = {},
): Promise<ThrownError> {
  let result: unknown
  try {
    result = await (typeof promise === 'function' ? promise() : promise)
  } catch (error) {
    return checkError(error, errorClass, expected)
  }
  return fail(`expected a rejection with ${className(errorClass)}, got ${show(result)}`)
}

function checkError(
  error: unknown,
  errorClass: ErrorClass,
  { code, message }: ExpectedError,
): ThrownError {
  if (!isOfClass(error, errorClass)) {
    fail(`expected ${className(errorClass)}, got ${showError(error)}`)
  }
  // Every class a test names is one of errors; `code` and the others are optional.
  const thrown = error as ThrownError
  checkText('code', thrown.code, code, thrown)
  checkText('message', thrown.message, message, thrown)
  return thrown
}

/** The registered symbol under which the errors of the library keep their kinds. */
function isOfClass(error: unknown, errorClass: ErrorClass): boolean {
  if (typeof errorClass !== 'string') return error instanceof errorClass
  if (typeof error !== 'object' || error === null) return false
  if (Reflect.get(error, 'name') === errorClass) return true
  const kinds: unknown = Reflect.get(error, Symbol.for('ubiquest.error.kinds'))
  return Array.isArray(kinds) && kinds.includes(errorClass)
}

function checkText(
  what: string,
  actual: unknown,
  expected: string | RegExp | undefined,
  error: unknown,
): void {
  if (expected === undefined) return
  const good =
    typeof expected === 'string'
      ? actual === expected
      : typeof actual === 'string' && actual.search(expected) !== -1
  if (!good) fail(`expected the ${what} ${String(expected)}, got ${showError(error)}`)
}

/** Where and how two values differ first, or null. */
function firstDifference(actual: unknown, expected: unknown, path: string): string | null {
  if (Object.is(actual, expected)) return null
  const at = path === '' ? '' : `at ${path}: `
  const plain = `${at}got ${show(actual)}, expected ${show(expected)}`
  if (!isObject(actual) || !isObject(expected)) return plain
  if (tagOf(actual) !== tagOf(expected)) return plain
  if (actual instanceof Date || actual instanceof RegExp) {
    return String(actual) === String(expected) && Number(actual) === Number(expected) ? null : plain
  }
  if (Array.isArray(actual) || ArrayBuffer.isView(actual)) {
    const lengths = differentLengths(actual, expected, at)
    return lengths ?? firstOfMembers(actual, expected, path)
  }
  if (actual instanceof Map || actual instanceof Set) {
    // The tags are the same, so both are iterable.
    return firstDifference([...actual], [...(expected as Iterable<unknown>)], `${path}[entries]`)
  }
  return firstOfMembers(actual, expected, path)
}

function differentLengths(actual: object, expected: object, at: string): string | null {
  const got: unknown = Reflect.get(actual, 'length')
  const wanted: unknown = Reflect.get(expected, 'length')
  if (got === wanted) return null
  return `${at}got ${String(got)} elements ${show(actual)}, expected ${String(wanted)} ${show(expected)}`
}

function firstOfMembers(actual: object, expected: object, path: string): string | null {
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const inside = Array.isArray(actual) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    if (!Object.hasOwn(actual, key)) return `at ${inside}: missing`
    if (!Object.hasOwn(expected, key)) {
      return `at ${inside}: not expected, got ${show(Reflect.get(actual, key))}`
    }
    const members: unknown[] = [Reflect.get(actual, key), Reflect.get(expected, key)]
    const difference = firstDifference(members[0], members[1], inside)
    if (difference !== null) return difference
  }
  return null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function tagOf(value: object): string {
  return Array.isArray(value) ? 'array' : Object.prototype.toString.call(value)
}

function className(errorClass: ErrorClass): string {
  return typeof errorClass === 'string' ? errorClass : errorClass.name
}

function showError(error: unknown): string {
  if (!(error instanceof Error)) return show(error)
  const code: unknown = Reflect.get(error, 'code')
  const shown = typeof code === 'string' ? ` (code ${code})` : ''
  const cause = error.cause === undefined ? '' : `, caused by ${showError(error.cause)}`
  return `${error.name}${shown}: ${error.message}${cause}`
}

function show(value: unknown): string {
  if (typeof value === 'string') return cut(JSON.stringify(value))
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    // Every view but DataView is an array of numbers.
    const numbers = Array.from(value as Uint8Array)
    return cut(`bytes [${numbers.slice(0, 32).join(' ')}${numbers.length > 32 ? ' …' : ''}]`)
  }
  if (value instanceof Error) return cut(showError(value))
  if (typeof value !== 'object' || value === null) return cut(String(value))
  try {
    const text: unknown = JSON.stringify(value)
    return cut(typeof text === 'string' ? text : String(value))
  } catch {
    // A cycle or a bigint: the kind of object is all there is to show.
    return Object.prototype.toString.call(value)
  }
}

function cut(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
