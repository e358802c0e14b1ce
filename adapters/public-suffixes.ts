/** The public suffix list (tldts, private domains included), loaded when a cookie needs it. */
import type { PublicSuffix } from '../src/cookies/receive.ts'

let loaded: PublicSuffix | null = null

/** Resolves once; from then on the function is there at once. Only plain data is kept. */
export function loadPublicSuffixes(): PublicSuffix | Promise<PublicSuffix> {
  return loaded ?? load()
}

async function load(): Promise<PublicSuffix> {
  const { getPublicSuffix } = await import('tldts')
  // The jar gives canonical host names only: nothing has to be extracted or validated again.
  const options = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }
  loaded = (domain) => getPublicSuffix(domain, options)
  return loaded
}
