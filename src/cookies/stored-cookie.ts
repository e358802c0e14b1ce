/** One cookie as the jar holds it: the public record, plus what order and persistence need. */
import type { CookieRecord, SameSite } from '../types.ts'

export interface StoredCookie extends CookieIdentity, CookieFlags {
  value: string
  expires: number | null
  created: number
  accessed: number
  /** When it last changed; of two copies the newer one wins. */
  updated: number
  /** Tells cookies of one millisecond apart. */
  order: number
  /** The next one in the table of that domain and name, on another path or with another flag. */
  next: StoredCookie | null
}

export interface CookieFlags {
  secure: boolean
  httpOnly: boolean
  sameSite: SameSite | null
  partitioned: boolean
}

/** What is said anew of a cookie, at which time. */
export interface CookieChange {
  readonly value: string
  readonly expires: number | null
  readonly flags: Readonly<CookieFlags>
  readonly at: number
}

/** RFC 6265bis §5.7 step 23. */
export type CookieIdentity = Pick<CookieRecord, 'name' | 'domain' | 'path' | 'hostOnly'>
/** Whose a cookie is. */
export type Scope = Pick<CookieIdentity, 'domain' | 'hostOnly'>

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

export function newCookie(
  name: string,
  path: string,
  scope: Scope,
  change: CookieChange,
): StoredCookie {
  const { flags, at } = change
  return {
    name,
    value: change.value,
    domain: scope.domain,
    path,
    expires: change.expires,
    hostOnly: scope.hostOnly,
    secure: flags.secure,
    httpOnly: flags.httpOnly,
    sameSite: flags.sameSite,
    partitioned: flags.partitioned,
    created: at,
    accessed: at,
    updated: at,
    order: 0,
    next: null,
  }
}

/** In place; its age stays. */
export function refreshCookie(cookie: StoredCookie, change: CookieChange): void {
  const { flags, at } = change
  cookie.value = change.value
  cookie.expires = change.expires
  cookie.secure = flags.secure
  cookie.httpOnly = flags.httpOnly
  cookie.sameSite = flags.sameSite
  cookie.partitioned = flags.partitioned
  cookie.accessed = at
  // Within one millisecond, too, the later change is the newer copy.
  cookie.updated = Math.max(at, cookie.updated + 1)
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
