/** The settings of a call in the hands of its caller (layer 5): complete, but discreet in logs. */
import type { AnyHooks } from './hooks.ts'
import { own } from './own.ts'
import { HIDDEN } from './secret-headers.ts'
import { mergeHooks } from './settings.ts'
import type { HookLists, SendSettings } from './settings.ts'

type Layer = AnyHooks | null | undefined
type Around = (prepared: Layer) => HookLists
interface MergedHooks extends HookLists {
  readonly around?: Around
}

/** Hooks of a session and a call, which those of a prepared request have their place between. */
export function mergedHooks(session: Layer, call: Layer): HookLists {
  const value: Around = (prepared) => mergeHooks(session, prepared, call)
  // Not enumerable: no copy has it. A layer that says nothing, since lists of none at all are shared.
  return Object.defineProperty(value({}), 'around', { value })
}

/** @param hooks of merged settings; others that stand there instead are those of the call. */
export function hooksAround(prepared: Layer, hooks: MergedHooks): HookLists {
  return own(hooks, 'around')?.(prepared) ?? mergeHooks(prepared, hooks)
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
