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

/** Keeps members off `JSON.stringify`, `console.log` and structured loggers, which would print the
 *  secrets in them; they can be read and set as before. */
export function hideMembers<T extends object>(target: T, names: readonly (keyof T)[]): void {
  for (const name of names) Object.defineProperty(target, name, { enumerable: false })
}
