/** The settings of a call in the hands of its caller (layer 5): complete, but discreet in logs. */
import type { AnyHooks } from './hooks.ts'
import { HIDDEN } from './secret-headers.ts'
import { mergeHooks } from './settings.ts'
import type { HookLists, SendSettings } from './settings.ts'

type Layer = AnyHooks | null | undefined

/** Hooks of a session and a call, which those of a prepared request have their place between. */
export class MergedHooks implements HookLists {
  readonly request: HookLists['request']
  readonly redirect: HookLists['redirect']
  readonly retry: HookLists['retry']
  readonly response: HookLists['response']
  readonly #session: Layer
  readonly #call: Layer

  constructor(session: Layer, call: Layer) {
    const { request, redirect, retry, response } = mergeHooks(session, call)
    this.request = request
    this.redirect = redirect
    this.retry = retry
    this.response = response
    this.#session = session
    this.#call = call
  }

  /** @param hooks of merged settings; others that stand there instead are those of the call. */
  static around(prepared: Layer, hooks: HookLists): HookLists {
    return #call in hooks
      ? mergeHooks(hooks.#session, prepared, hooks.#call)
      : mergeHooks(prepared, hooks)
  }
}

/** Members that may hold passwords of proxies, private keys and headers of the runtime's own. */
export function discreetSettings(settings: SendSettings): SendSettings {
  const { proxies, environmentProxies } = settings
  hideMembers(proxies, Object.keys(proxies))
  hideMembers(environmentProxies, Object.keys(environmentProxies))
  return hideMembers(settings, ['cert', 'init'])
}

/**
 * Accessors, of which every console shows no more than that they are there; a spread copies what
 * they give, so that nothing is lost on the way back to `send`.
 */
function hideMembers<T extends object>(target: T, names: readonly string[]): T {
  for (const name of names) {
    let value: unknown = Reflect.get(target, name)
    if (value === null) continue
    Object.defineProperty(target, name, {
      get: () => value,
      set: (next: unknown) => (value = next),
      enumerable: true,
      configurable: true,
    })
  }
  const toJSON = (): object => {
    const shown = Object.entries(target).map(([name, value]: [string, unknown]) => [
      name,
      names.includes(name) && value !== null ? HIDDEN : value,
    ])
    // The entries are those of an object.
    return Object.fromEntries(shown) as object
  }
  Object.defineProperty(target, 'toJSON', { value: toJSON, enumerable: false })
  return target
}
