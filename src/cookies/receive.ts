/**
 * Whether and how a received cookie is stored (RFC 6265bis §5.7, steps 5 to 22). Every request of
 * this client counts as a top-level navigation, so that step 18 (SameSite) never refuses.
 */
import { domainMatch, isAddress } from './host.ts'
import { expiryTime } from './lifetime.ts'
import { defaultPath, pathMatch } from './path.ts'
import { prefixFault } from './prefixes.ts'
import type { ParsedCookie } from './set-cookie.ts'
import type { Refusal, StoredCookie } from './stored-cookie.ts'

/** The public suffix of a domain, or null when it has none. */
export type PublicSuffix = (domain: string) => string | null

export interface Arrival {
  readonly host: string
  readonly path: string
  /** The URL counts as secure. */
  readonly secure: boolean
  readonly now: number
  /** Null where there is no suffix data. */
  readonly publicSuffix: PublicSuffix | null
}

export interface SecureCookies {
  /** The Secure cookies of that name in domains that match this one, either way. */
  secureRelatives(name: string, domain: string): Iterable<StoredCookie>
}

/** True when the answer depends on suffix data: a Domain of several labels is named. */
export function asksSuffix(cookie: ParsedCookie): boolean {
  const { domain } = cookie.attributes
  return domain !== null && domain.includes('.') && !isAddress(domain)
}

export function receiveCookie(
  cookie: ParsedCookie,
  arrival: Arrival,
  held: SecureCookies,
): StoredCookie | Refusal {
  const { attributes } = cookie
  const scope = scopeOf(attributes.domain, arrival)
  if ('refused' in scope) return scope
  const fault = attributeFault(cookie, scope.hostOnly, arrival)
  if (fault !== null) return { refused: fault }
  const received: StoredCookie = {
    name: cookie.name,
    value: cookie.value,
    domain: scope.domain,
    path: attributes.path ?? defaultPath(arrival.path),
    expires: expiryTime(attributes.maxAge, cookie.expires, arrival.now),
    hostOnly: scope.hostOnly,
    secure: attributes.secure,
    httpOnly: attributes.httpOnly,
    sameSite: attributes.sameSite,
    partitioned: attributes.partitioned,
    created: arrival.now,
    accessed: arrival.now,
    updated: arrival.now,
    order: 0,
  }
  if (arrival.secure || !overlaysSecure(received, held)) return received
  return { refused: 'it would lie over a Secure cookie of that name' }
}

/** Step 16: from an insecure URL, no cookie may lie over a Secure one. */
function overlaysSecure(cookie: StoredCookie, held: SecureCookies): boolean {
  for (const existing of held.secureRelatives(cookie.name, cookie.domain)) {
    if (pathMatch(cookie.path, existing.path)) return true
  }
  return false
}

/** Steps 7 to 10. */
function scopeOf(
  domain: string | null,
  arrival: Arrival,
): { domain: string; hostOnly: boolean } | Refusal {
  const { host } = arrival
  if (domain === null) return { domain: host, hostOnly: true }
  if (!domainMatch(host, domain)) {
    return { refused: `its Domain does not include the host ${host}` }
  }
  if (!isPublicSuffix(domain, arrival.publicSuffix)) return { domain, hostOnly: false }
  if (domain === host) return { domain, hostOnly: true }
  const why = domain.includes('.') ? 'a public suffix' : 'a single label'
  return { refused: `its Domain is ${why}, which no cookie may span` }
}

/** Without data only single labels are known to be suffixes; each of them is (the list's `*`). */
function isPublicSuffix(domain: string, publicSuffix: PublicSuffix | null): boolean {
  if (isAddress(domain)) return false
  if (!domain.includes('.')) return true
  return publicSuffix !== null && publicSuffix(domain) === domain
}

/** Steps 13 and 19 to 22; Partitioned wants Secure (CHIPS, as Chromium and Firefox do). */
function attributeFault(cookie: ParsedCookie, hostOnly: boolean, arrival: Arrival): string | null {
  const { name, value } = cookie
  const { secure, sameSite, partitioned, path } = cookie.attributes
  if (secure && !arrival.secure) return 'it is Secure, but did not come over a secure connection'
  if (sameSite === 'none' && !secure) return 'SameSite=None demands Secure'
  if (partitioned && !secure) return 'Partitioned demands Secure'
  return prefixFault({ name, value, secure, hostOnly, explicitPath: path })
}
