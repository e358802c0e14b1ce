/** Hooks (layer 1): functions of the caller that see, replace or veto; session's first. */

/** Returns nothing to leave the value as it is, or a replacement. */
export type Hook<T> = (value: T) => T | void | Promise<T | void>
/** Returns `false` to veto. */
export type VetoHook<T> = (value: T) => boolean | void | Promise<boolean | void>
export type HookInput<H> = H | readonly H[] | null

/** Hooks where it is not known yet what they are called with. */
export type AnyHook = (value: never) => unknown
export interface AnyHooks {
  readonly request?: HookInput<AnyHook> | undefined
  readonly redirect?: HookInput<AnyHook> | undefined
  readonly retry?: HookInput<AnyHook> | undefined
  readonly response?: HookInput<AnyHook> | undefined
}

export function hookList<H>(input: HookInput<H> | undefined): readonly H[] {
  if (input === undefined || input === null) return []
  const list = Array.isArray(input) ? (input as readonly H[]) : [input as H]
  for (const hook of list) {
    if (typeof hook !== 'function')
      throw new TypeError('A hook must be a function or a list of functions.')
  }
  return list
}

export async function runHooks<T>(hooks: readonly Hook<T>[], value: T): Promise<T> {
  let current = value
  for (const hook of hooks) current = (await hook(current)) ?? current
  return current
}

/** True when no hook said `false`. */
export async function allows<T>(hooks: readonly VetoHook<T>[], value: T): Promise<boolean> {
  for (const hook of hooks) {
    if ((await hook(value)) === false) return false
  }
  return true
}
