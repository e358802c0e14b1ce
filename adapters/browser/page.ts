/** The page that code runs in. */

/** What relative URLs resolve against. Null where there is no page: in a worker made from a blob, say. */
export function pageUrl(): string | null {
  const page = typeof document === 'undefined' ? undefined : document.baseURI
  const base = page ?? (typeof location === 'undefined' ? undefined : location.href)
  return base !== undefined && /^https?:/.test(base) ? base : null
}
