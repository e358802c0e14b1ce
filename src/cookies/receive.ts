/**
 * Whether and where a received cookie is stored (RFC 6265bis §5.7, steps 7 to 22). Every request of
 * this client counts as a top-level navigation, so that step 18 (SameSite) never refuses.
 */
import { domainMatch, isAddress } from './host.ts'
import { pathMatch } from './path.ts'
import { copyText } from './remembered.ts'
import { prefixFault } from './prefixes.ts'
import type { ParsedCookie } from './set-cookie.ts'
import { isExpired } from './stored-cookie.ts'
import type { Refusal, StoredCookie } from './stored-cookie.ts'
import type { BucketScope, CookieTable } from './table.ts'

/** The public suffix of a domain, or null when it has none. */
export type PublicSuffix = (domain: string) => string | null

/** True when the answer depends on suffix data: a Domain of several labels is named. */
export function asksSuffix(cookie: ParsedCookie): boolean {
  const { domain } = cookie.reading.attributes
  return domain !== null && domain.includes('.') && !isAddress(domain)
}

/**
 * Steps 7 to 10: whose cookie it is.
 * @param publicSuffix null where there is no suffix data.
 */
export function scopeOf(
  domain: string | null,
  host: string,
  publicSuffix: PublicSuffix | null,
): BucketScope | Refusal {
  if (domain === null) return { domain: copyText(host), hostOnly: true, bucket: null }
  if (!domainMatch(host, domain)) {
    return { refused: `its Domain does not include the host ${host}` }
  }
  if (!isPublicSuffix(domain, publicSuffix)) return { domain, hostOnly: false, bucket: null }
  if (domain === host) return { domain, hostOnly: true, bucket: null }
  const why = domain.includes('.') ? 'a public suffix' : 'a single label'
  return { refused: `its Domain is ${why}, which no cookie may span` }
}

/**
 * Without data only single labels are known to be suffixes; each of them is (the list's `*`). A final
 * dot makes another host of it, but a suffix it remains (CVE-2022-27779).
 */
function isPublicSuffix(domain: string, publicSuffix: PublicSuffix | null): boolean {
  if (isAddress(domain)) return false
  const name = domain.endsWith('.') ? domain.slice(0, -1) : domain
  if (!name.includes('.')) return true
  return publicSuffix !== null && publicSuffix(name) === name
}

/**
 * Steps 13 and 19 to 22; Partitioned wants Secure (CHIPS, as Chromium and Firefox do).
 * @param isSafe the URL counts as secure.
 */
export function attributeFault(
  cookie: ParsedCookie,
  hostOnly: boolean,
  isSafe: boolean,
): string | null {
  const { name, value } = cookie
  const { secure, sameSite, partitioned, path } = cookie.reading.attributes
  if (secure && !isSafe) return 'it is Secure, but did not come over a secure connection'
  if (sameSite === 'none' && !secure) return 'SameSite=None demands Secure'
  if (partitioned && !secure) return 'Partitioned demands Secure'
  const isPlain = name !== '' && !name.startsWith('_')
  return isPlain ? null : prefixFault({ name, value, secure, hostOnly, explicitPath: path })
}

/** Step 16: from an insecure URL, no cookie may lie over a Secure one. */
export function overlaysSecure(
  cookie: Pick<StoredCookie, 'name' | 'path' | 'domain'>,
  table: CookieTable,
  now: number,
): boolean {
  for (const existing of table.secureRelatives(cookie.name, cookie.domain)) {
    if (pathMatch(cookie.path, existing.path) && !isExpired(existing, now)) return true
  }
  return false
}
