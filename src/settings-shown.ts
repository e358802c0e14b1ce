/** The settings of a call in the hands of its caller (layer 5): complete, but discreet in logs. */
import { HIDDEN } from './secret-headers.ts'
import type { SendSettings } from './settings.ts'

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
