/** Assertions over types: nothing runs, `tsc` is the judge. */

export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only for `true`: `type _ = Expect<Same<A, B>>`. */
export type Expect<T extends true> = T

/** Compiles only where `value` is assignable to `T`, named explicitly. */
export declare function expectType<T>(value: T): void
