/**
 * A jar that outlives the process and is shared by several (design: read, merge, write). Of two
 * copies of a cookie the newer one wins; a deletion is remembered like a change.
 */
import { describe } from '../bytes.ts'
import { UnsupportedError } from '../errors.ts'
import { own } from '../own.ts'
import { Evictor } from './evict.ts'
import { CookieJar } from './jar.ts'
import type { CookieJarOptions } from './jar.ts'
import { JarChanges } from './jar-changes.ts'
import { JarSettings } from './jar-settings.ts'
import { mergeJSON, mergeNetscape } from './merge.ts'
import { CookieTable } from './table.ts'

/** What a jar is kept in: any `unstorage` driver, `localStorage`, a file, a KV namespace. */
export interface CookieStorage {
  /** The text stored under the key; null or undefined when there is none. Parsed JSON is fine. */
  getItem(key: string): unknown
  setItem(key: string, value: string): unknown
  /**
   * Runs the task while nobody else writes. Without it two writers at one instant may lose what
   * the first of them wrote, until it saves again.
   */
  exclusive?<T>(task: () => Promise<T>): Promise<T>
  /** `netscape` for a `cookies.txt`; JSON keeps more. */
  readonly format?: 'json' | 'netscape' | undefined
}

export interface PersistentCookieJarOptions extends CookieJarOptions {
  /** Under which the jar is stored. */
  readonly key?: string | undefined
}

/** Resolves when the jar has been read. */
export async function openCookieJar(
  storage: CookieStorage,
  options: PersistentCookieJarOptions = {},
): Promise<PersistentCookieJar> {
  const jar = new PersistentCookieJar(storage, options)
  await jar.reload()
  return jar
}

export class PersistentCookieJar extends CookieJar {
  readonly #storage: CookieStorage
  readonly #key: string
  readonly #table: CookieTable
  readonly #changes: JarChanges
  readonly #evictor: Evictor
  readonly #now: () => number
  /** The highest version that has been handed to the storage. */
  #written = 0

  constructor(storage: CookieStorage, options: PersistentCookieJarOptions = {}) {
    const table = new CookieTable()
    const settings = new JarSettings(options)
    super(settings, table)
    this.#storage = checkStorage(storage)
    this.#key = own(options, 'key') ?? 'cookies'
    this.#table = table
    this.#changes = new JarChanges(table)
    this.#evictor = new Evictor(table, settings.limits)
    this.#now = () => settings.now()
  }

  /** Whether there is something to save. */
  get changed(): boolean {
    return this.#changes.pending
  }

  /** Takes in what others have stored meanwhile; keeps what has changed here. */
  async reload(): Promise<void> {
    this.#merge(await this.#storage.getItem(this.#key))
  }

  /** Reads, merges and writes; does nothing when nothing has changed. */
  async save(): Promise<void> {
    if (!this.changed) return
    const exclusive = this.#storage.exclusive?.bind(this.#storage)
    const task = (): Promise<void> => this.#readMergeWrite()
    await (exclusive === undefined ? task() : exclusive(task))
  }

  /** Saves what has changed; the jar stays usable. */
  async close(): Promise<void> {
    await this.save()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #readMergeWrite(): Promise<void> {
    await this.reload()
    let version: number
    // A save that began later, but was written earlier, must not be undone by this one.
    do {
      version = this.#changes.version
      this.#written = Math.max(this.#written, version)
      await this.#storage.setItem(this.#key, this.#text())
      this.#changes.saved(version)
    } while (this.#written > version)
  }

  #text(): string {
    if (this.#storage.format === 'netscape') return this.toNetscape()
    return JSON.stringify({ ...this.toJSON(), removed: this.#changes.tombstones(this.#now()) })
  }

  #merge(stored: unknown): void {
    if (stored === null || stored === undefined || stored === '') return
    const target = {
      table: this.#table,
      changes: this.#changes,
      evictor: this.#evictor,
      now: this.#now(),
    }
    this.#changes.silently(() => {
      if (this.#storage.format === 'netscape') mergeNetscape(stored, target)
      else mergeJSON(stored, target)
    })
  }
}

/** From JavaScript anything may come; a path, where there are files, has become a storage before. */
function checkStorage(storage: CookieStorage | string | URL): CookieStorage {
  if (typeof storage === 'string' || storage instanceof URL) {
    throw new UnsupportedError(
      'This runtime keeps no cookie jar in a file: pass an object with getItem and setItem.',
    )
  }
  if (typeof storage?.getItem === 'function' && typeof storage.setItem === 'function') {
    return storage
  }
  throw new TypeError(
    `A cookie storage is an object with getItem and setItem, not ${describe(storage)}.`,
  )
}
