/** A KV namespace or the storage of a Durable Object as the storage of a cookie jar. */
import type { CookieStorage } from '../../src/cookies/persist.ts'

/** What both have in common; both keep texts. */
export interface KeyValueStorage {
  get(key: string): Promise<unknown>
  put(key: string, value: string): Promise<unknown>
}

/**
 * Two Workers that save at one instant may lose what the first wrote, as KV has no transactions;
 * in a Durable Object, its input gates keep them apart.
 */
export function cookieStorage(storage: KeyValueStorage): CookieStorage {
  return {
    getItem: (key) => storage.get(key),
    setItem: (key, value) => storage.put(key, value),
  }
}
