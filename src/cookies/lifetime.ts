/** How long a cookie lives (RFC 6265bis §5.5, §5.6.1, §5.6.2): Max-Age over Expires, 400 days. */

const LIFETIME_LIMIT: number = 400 * 24 * 60 * 60 * 1000

/**
 * When it ends, or null for a session cookie. `maxAge` in seconds, `expires` and `now` in
 * milliseconds since the epoch.
 */
export function expiryTime(
  maxAge: number | null,
  expires: number | null,
  now: number,
): number | null {
  if (maxAge !== null) return maxAge <= 0 ? 0 : now + Math.min(maxAge * 1000, LIFETIME_LIMIT)
  return expires === null ? null : Math.max(0, Math.min(expires, now + LIFETIME_LIMIT))
}
