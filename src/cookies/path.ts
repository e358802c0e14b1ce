/** Default-path and path-match (RFC 6265bis §5.1.4). */

/** The directory of the path that set the cookie, without its last slash. */
export function defaultPath(requestPath: string): string {
  if (!requestPath.startsWith('/')) return '/'
  const last = requestPath.lastIndexOf('/')
  return last === 0 ? '/' : requestPath.slice(0, last)
}

/** Whole segments only: `/app` matches `/app` and `/app/x`, not `/apple`. */
export function pathMatch(requestPath: string, cookiePath: string): boolean {
  if (cookiePath === '/' || requestPath === cookiePath) return true
  return (
    requestPath.startsWith(cookiePath) &&
    (cookiePath.endsWith('/') || requestPath[cookiePath.length] === '/')
  )
}
