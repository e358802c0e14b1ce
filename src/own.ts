/**
 * Bags of options (layer 0), read so that a polluted `Object.prototype` supplies none of them: what
 * nobody set is not there, whoever looks.
 */

/** The options of calls that say nothing, as most: nothing is looked for in them. */
export const NO_OPTIONS: object = /* @__PURE__ */ Object.freeze({})

/** An own property, or undefined. */
export function own<T extends object, K extends keyof T>(options: T, key: K): T[K] | undefined {
  return options !== NO_OPTIONS && Object.hasOwn(options, key) ? options[key] : undefined
}

/** Where look-ups of what is missing end, since nobody can add to it. Not null itself: V8 keeps the
 *  members of an object without any prototype in a table, and each look-up goes the long way. */
const NOTHING = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null) as object)

/**
 * A copy of the own properties that inherits none: for bags that are read member by member, and for
 * those handed to a runtime, which looks up on their prototype whatever we left out (`body` of
 * fetch's init, `socketPath` of a connector).
 */
export function bare<T extends object>(options: T): T {
  // The type of what Object.create makes is any.
  return Object.assign<object, T>(Object.create(NOTHING) as object, options)
}
