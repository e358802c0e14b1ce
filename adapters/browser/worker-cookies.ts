/**
 * The cookies of a service worker, which has no document but a CookieStore. That one answers later
 * and a session's cookies are read at once, so this is a copy, kept fresh by its change events;
 * `reload` waits for the first, `save` for what was written.
 */
import type { CookieAttributes, SameSite } from '../../src/types.ts'
import type { CookiePair, CookieSource } from './cookie-source.ts'

/** The part that is used of a `CookieStore`; Firefox and WebKit tell no more than name and value. */
export interface AsyncCookieStore extends EventTarget {
  getAll(): Promise<readonly { readonly name?: string; readonly value?: string }[]>
  set(cookie: AsyncCookie): Promise<void>
  delete(cookie: Omit<AsyncCookie, 'value'>): Promise<void>
}
export interface AsyncCookie {
  readonly name: string
  readonly value: string
  readonly domain?: string
  readonly path?: string
  /** Milliseconds since the epoch. */
  readonly expires?: number
  readonly sameSite?: SameSite
  readonly partitioned?: boolean
}

export function workerCookies(store: AsyncCookieStore): CookieSource {
  let held: CookiePair[] = []
  const writes = new Set<Promise<void>>()
  const reload = async (): Promise<void> => {
    held = (await store.getAll()).map(({ name = '', value = '' }) => [name, value])
  }
  const begin = (write: Promise<void>): void => {
    writes.add(write)
    const done = (): boolean => writes.delete(write)
    write.then(done, () => undefined)
  }
  const refresh = (): void => {
    reload().catch(() => undefined)
  }
  store.addEventListener('change', refresh)
  refresh()
  return {
    pairs: () => held,
    write: (name, value, attributes) => {
      held = [...held.filter(([each]) => each !== name), [name, value]]
      begin(store.set({ name, value, ...members(attributes) }))
    },
    remove: (name, scope) => {
      held = held.filter(([each]) => each !== name)
      begin(store.delete({ name, ...scope }))
    },
    reload,
    isChanged: () => writes.size > 0,
    save: async () => {
      const all = [...writes]
      writes.clear()
      await Promise.all(all)
    },
  }
}

/** It knows no Max-Age, and its cookies are Secure by themselves. */
function members(attributes: CookieAttributes): Omit<AsyncCookie, 'name' | 'value'> {
  const { domain, path = '/', expires, maxAge, sameSite, partitioned } = attributes
  const end = maxAge === undefined ? expires : Date.now() + maxAge * 1000
  return {
    path,
    ...(domain === undefined ? {} : { domain }),
    ...(end === undefined || end === null ? {} : { expires: Number(end) }),
    ...(sameSite === undefined ? {} : { sameSite }),
    ...(partitioned === undefined ? {} : { partitioned }),
  }
}
