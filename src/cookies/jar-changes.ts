/** What has changed in a jar since it was saved, deletions included. */
import { property } from './read-cookie.ts'
import { identity } from './stored-cookie.ts'
import type { CookieIdentity, StoredCookie } from './stored-cookie.ts'
import type { CookieTable, TableObserver } from './table.ts'

/** A deletion; it wins over copies that are not newer. */
export interface Tombstone extends CookieIdentity {
  readonly at: number
}

/** By then every cookie it could concern has expired (400 days), session cookies apart. */
const KEPT_MS: number = 400 * 24 * 60 * 60 * 1000
const KEPT_COUNT = 3000

export class JarChanges implements TableObserver {
  readonly #tombstones = new Map<string, Tombstone>()
  /** Identities that changed here, with the version of the jar at which they did. */
  readonly #unsaved = new Map<string, number>()
  #version = 0
  #silent = false

  constructor(table: CookieTable) {
    table.observer = this
  }

  get version(): number {
    return this.#version
  }

  get pending(): boolean {
    return this.#unsaved.size > 0
  }

  stored(cookie: StoredCookie): void {
    const key = keyOf(cookie)
    const buried = this.#tombstones.get(key)
    if (buried !== undefined) {
      // As below: what comes after a deletion is newer than it, within one millisecond, too.
      if (!this.#silent) cookie.updated = Math.max(cookie.updated, buried.at + 1)
      this.#tombstones.delete(key)
    }
    this.#note(key)
  }

  /**
   * What has expired by itself is buried only if nobody else knows of it: every stored copy of it
   * has expired, too. It went when it last changed, since a later change elsewhere still counts.
   */
  removed(cookie: StoredCookie, at: number | null): void {
    if (this.#silent || (at === null && !this.isUnsaved(cookie))) return
    const { name, domain, path, hostOnly } = cookie
    const gone = at === null ? cookie.updated : Math.max(at, cookie.updated + 1)
    this.bury({ name, domain, path, hostOnly, at: gone })
    this.#note(keyOf(cookie))
  }

  isUnsaved(cookie: CookieIdentity): boolean {
    return this.#unsaved.has(keyOf(cookie))
  }

  tombstone(cookie: CookieIdentity): Tombstone | undefined {
    return this.#tombstones.get(keyOf(cookie))
  }

  bury(tombstone: Tombstone): void {
    const key = keyOf(tombstone)
    const known = this.#tombstones.get(key)
    if (known !== undefined && known.at >= tombstone.at) return
    // Deleted first, so that the map stays in the order of burial.
    this.#tombstones.delete(key)
    this.#tombstones.set(key, tombstone)
  }

  /** Those still worth keeping, the oldest dropped when there are too many. */
  tombstones(now: number): Tombstone[] {
    for (const [key, { at }] of this.#tombstones) {
      if (at < now - KEPT_MS) this.#tombstones.delete(key)
    }
    return [...this.#tombstones.values()].slice(-KEPT_COUNT)
  }

  /** What the task changes came from the storage: nothing that would have to be saved. */
  silently(task: () => void): void {
    this.#silent = true
    try {
      task()
    } finally {
      this.#silent = false
    }
  }

  /** Everything up to that version has been written. */
  saved(version: number): void {
    for (const [key, changed] of this.#unsaved) {
      if (changed <= version) this.#unsaved.delete(key)
    }
  }

  #note(key: string): void {
    if (this.#silent) return
    this.#version += 1
    this.#unsaved.set(key, this.#version)
  }
}

/** A tombstone of a file; null when it is none. */
export function readTombstone(data: unknown): Tombstone | null {
  const name = property(data, 'name')
  const domain = property(data, 'domain')
  const path = property(data, 'path')
  const at = property(data, 'at')
  if (typeof name !== 'string' || typeof domain !== 'string' || typeof path !== 'string')
    return null
  if (typeof at !== 'number' || !Number.isFinite(at)) return null
  return { name, domain, path, hostOnly: property(data, 'hostOnly') !== false, at }
}

function keyOf(cookie: CookieIdentity): string {
  return `${cookie.domain}\n${identity(cookie)}`
}
