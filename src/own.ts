/**
 * Bags of options (layer 0), read so that a polluted `Object.prototype` supplies none of them: what
 * nobody set is not there, whoever looks.
 */

/** An own property, or undefined. */
export function own<T extends object, K extends keyof T>(options: T, key: K): T[K] | undefined {
  return Object.hasOwn(options, key) ? options[key] : undefined
}

/**
 * A copy of the own properties without a prototype: for bags that are read member by member, and for
 * those handed to a runtime, which looks up on their prototype whatever we left out (`body` of
 * fetch's init, `socketPath` of a connector).
 */
export function bare<T extends object>(options: T): T {
  // The type of an object without prototype is any.
  return Object.assign<object, T>(Object.create(null) as object, options)
}
