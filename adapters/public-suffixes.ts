/** The public suffix list (tldts, private domains included), loaded when a cookie needs it. */
import type { PublicSuffix } from '../src/cookies/receive.ts'

/** A session asks for the same few domains again and again; a look into the list takes 0.5 µs. */
const REMEMBERED = 1000

let loaded: PublicSuffix | null = null

/** Resolves once; from then on the function is there at once. Only plain data is kept. */
export function loadPublicSuffixes(): PublicSuffix | Promise<PublicSuffix> {
  return loaded ?? load()
}

async function load(): Promise<PublicSuffix> {
  const { getPublicSuffix } = await import('tldts')
  // The jar gives canonical host names only: nothing has to be extracted or validated again.
  const options = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }
  const known = new Map<string, string | null>()
  loaded = (domain) => {
    let suffix = known.get(domain)
    if (suffix === undefined) {
      suffix = getPublicSuffix(domain, options)
      if (known.size >= REMEMBERED) known.clear()
      known.set(domain, suffix)
    }
    return suffix
  }
  return loaded
}
