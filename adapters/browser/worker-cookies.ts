/**
 * The cookies of a service worker, which has no document but a CookieStore. That one answers later
 * and a session's cookies are read at once, so this is a copy: `reload` takes what the browser has
 * now, as nothing tells a worker of changes, and `save` waits for what was written.
 */
import { UnsupportedError } from '../../src/errors.ts'
import type { CookieAttributes, CookieScope, SameSite } from '../../src/types.ts'
import type { CookiePair, CookieSource } from './cookie-source.ts'

/** The part that is used of a `CookieStore`; Firefox and WebKit tell no more than name and value. */
export interface AsyncCookieStore {
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

export class WorkerCookies implements CookieSource {
  readonly #store: AsyncCookieStore
  readonly #writes = new Set<Promise<void>>()
  #held: readonly CookiePair[] = []
  /** How many writes there have been. */
  #begun = 0

  constructor(store: AsyncCookieStore) {
    this.#store = store
    this.reload().catch(() => undefined)
  }

  pairs(): readonly CookiePair[] {
    return this.#held
  }

  write(name: string, value: string, attributes: CookieAttributes): void {
    this.#held = [...this.#held.filter(([each]) => each !== name), [name, value]]
    this.#begin(set(this.#store, name, value, attributes))
  }

  remove(name: string, scope: CookieScope): void {
    this.#held = this.#held.filter(([each]) => each !== name)
    this.#begin(remove(this.#store, name, scope))
  }

  /** What was read before a write had its effect would take that back here. */
  async reload(): Promise<void> {
    let seen: number
    do {
      seen = this.#begun
      await Promise.allSettled(this.#writes)
      const found = await this.#store.getAll()
      if (seen === this.#begun) this.#held = found.map(({ name = '', value = '' }) => [name, value])
    } while (seen !== this.#begun)
  }

  isChanged(): boolean {
    return this.#writes.size > 0
  }

  async save(): Promise<void> {
    const all = [...this.#writes]
    this.#writes.clear()
    await Promise.all(all)
  }

  #begin(write: Promise<void>): void {
    this.#begun += 1
    this.#writes.add(write)
    const done = (): boolean => this.#writes.delete(write)
    // One that failed stays, for whoever saves.
    write.then(done, () => undefined)
  }
}

/** Engines may refuse without a word; what lies elsewhere, or ends at once, cannot be looked up. */
async function set(
  store: AsyncCookieStore,
  name: string,
  value: string,
  attributes: CookieAttributes,
): Promise<void> {
  await store.set({ name, value, ...members(attributes) })
  const { domain, path = '/', expires, maxAge } = attributes
  if (domain !== undefined || path !== '/' || maxAge !== undefined || expires) return
  const taken = (await store.getAll()).some((each) => each.name === name && each.value === value)
  if (!taken) throw refused('take', name)
}

async function remove(store: AsyncCookieStore, name: string, scope: CookieScope): Promise<void> {
  const { domain, path } = scope
  await store.delete({
    name,
    ...(domain === undefined ? {} : { domain }),
    ...(path === undefined ? {} : { path }),
  })
  const left = (await store.getAll()).some((each) => each.name === name)
  if (left && path === undefined && domain === undefined) throw refused('delete', name)
}

function refused(what: string, name: string): UnsupportedError {
  return new UnsupportedError(
    `The browser did not ${what} the cookie ${JSON.stringify(name)}: some want https for those of service workers.`,
  )
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
