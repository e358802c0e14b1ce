/** One cookie as the jar holds it: the public record, plus what order and persistence need. */
import type { CookieRecord, SameSite } from '../types.ts'

export interface StoredCookie extends CookieIdentity {
  value: string
  expires: number | null
  secure: boolean
  httpOnly: boolean
  sameSite: SameSite | null
  partitioned: boolean
  created: number
  accessed: number
  /** When it last changed; of two copies the newer one wins. */
  updated: number
  /** Tells cookies of one millisecond apart. */
  order: number
}

/** RFC 6265bis §5.7 step 23. */
export type CookieIdentity = Pick<CookieRecord, 'name' | 'domain' | 'path' | 'hostOnly'>

/** Why a cookie is not stored: a clause for a sentence, without its value. */
export interface Refusal {
  readonly refused: string
}

/**
 * What makes two cookies the same within one domain (RFC 6265bis §5.7 step 23): name, path and the
 * host-only flag. No part can have a line feed.
 */
export function identity(cookie: Pick<CookieRecord, 'name' | 'path' | 'hostOnly'>): string {
  return `${cookie.hostOnly ? '1' : '0'}${cookie.path}\n${cookie.name}`
}

/** Makes a cookie what another of the same identity is, but for its age and place. */
export function refreshCookie(old: StoredCookie, next: StoredCookie): void {
  old.value = next.value
  old.expires = next.expires
  old.secure = next.secure
  old.httpOnly = next.httpOnly
  old.sameSite = next.sameSite
  old.partitioned = next.partitioned
  old.accessed = next.accessed
  // Within one millisecond, too, the later change is the newer copy.
  old.updated = Math.max(next.updated, old.updated + 1)
}

export function isExpired(cookie: Pick<CookieRecord, 'expires'>, now: number): boolean {
  return cookie.expires !== null && cookie.expires <= now
}

/** A copy for callers: changing it changes nothing here. */
export function toRecord(cookie: StoredCookie): CookieRecord {
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    path: cookie.path,
    expires: cookie.expires,
    hostOnly: cookie.hostOnly,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    partitioned: cookie.partitioned,
    created: cookie.created,
    accessed: cookie.accessed,
  }
}
