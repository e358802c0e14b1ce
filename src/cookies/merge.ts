/** What a storage holds, merged into a jar: the newer copy of each cookie wins, ours at a tie. */
import type { Evictor } from './evict.ts'
import { readTombstone } from './jar-changes.ts'
import type { JarChanges } from './jar-changes.ts'
import { expiryTime } from './lifetime.ts'
import { canWriteNetscape, parseNetscape } from './netscape.ts'
import { property } from './read-cookie.ts'
import { fromJSON, parseJSON } from './serialize.ts'
import { identity, isExpired } from './stored-cookie.ts'
import type { StoredCookie } from './stored-cookie.ts'
import type { CookieTable } from './table.ts'

export interface MergeTarget {
  readonly table: CookieTable
  readonly changes: JarChanges
  readonly evictor: Evictor
  readonly now: number
}

/** A text, or what a storage has already parsed. */
export function mergeJSON(stored: unknown, target: MergeTarget): void {
  const { table, changes, now } = target
  const data = parseJSON(stored)
  for (const cookie of fromJSON(data)) {
    const mine = table.find(cookie.name, cookie.path, cookie)
    const buried = changes.tombstone(cookie)
    if (isExpired(cookie, now) || (mine !== undefined && mine.updated >= cookie.updated)) continue
    if (buried === undefined || buried.at < cookie.updated) store(cookie, target)
  }
  const removed = property(data, 'removed')
  for (const item of Array.isArray(removed) ? removed : []) {
    const tombstone = readTombstone(item)
    const mine =
      tombstone === null ? undefined : table.find(tombstone.name, tombstone.path, tombstone)
    if (tombstone === null || (mine !== undefined && mine.updated >= tombstone.at)) continue
    if (mine !== undefined) table.remove(mine, tombstone.at)
    changes.bury(tombstone)
  }
}

/** The format knows no times: what has changed here is ours, everything else is the file's. */
export function mergeNetscape(text: unknown, target: MergeTarget): void {
  if (typeof text !== 'string') throw new TypeError('A cookies.txt must be stored as a text.')
  const { table, changes, now } = target
  const held = new Set<string>()
  for (const cookie of parseNetscape(text, now)) {
    held.add(`${cookie.domain}\n${identity(cookie)}`)
    if (changes.isUnsaved(cookie) || isExpired(cookie, now)) continue
    const mine = table.find(cookie.name, cookie.path, cookie)
    // Flags that the file cannot hold are kept as long as it says nothing else.
    if (mine === undefined || !isSameLine(mine, cookie)) store(cookie, target)
  }
  for (const cookie of [...table.values()]) {
    const gone = canWriteNetscape(cookie) && !held.has(`${cookie.domain}\n${identity(cookie)}`)
    if (gone && !changes.isUnsaved(cookie)) table.remove(cookie, now)
  }
}

/** What is stored may claim more than any jar grants. */
function store(cookie: StoredCookie, { table, evictor, now }: MergeTarget): void {
  cookie.expires = expiryTime(null, cookie.expires, now)
  if (table.put(cookie)) evictor.makeRoom(cookie, now)
}

function isSameLine(mine: StoredCookie, read: StoredCookie): boolean {
  const end = mine.expires === null ? null : Math.ceil(mine.expires / 1000) * 1000
  return (
    mine.value === read.value &&
    end === read.expires &&
    mine.secure === read.secure &&
    mine.httpOnly === read.httpOnly
  )
}
