/** Canonical hosts and domain-match (RFC 6265bis §5.1.2 and §5.1.3). */

/**
 * The URL parser has done the work: lower case, IDNA to A-labels, IPv4 in dotted decimals, IPv6 in
 * brackets. A trailing dot stays, as in browsers: `example.com.` is another host.
 */
export function canonicalHost(url: URL): string {
  return url.hostname
}

/**
 * A domain as a caller or a file names it, in the same form as a host, without leading dot; null
 * when it names no host.
 */
export function canonicalDomain(input: string): string | null {
  const name = input.startsWith('.') ? input.slice(1) : input
  const bare = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
  // Anything that would end the host inside a URL, and would then be dropped without a word.
  if (bare === '' || /[/\\?#@\s]|:\d*$/.test(bare.startsWith('[') ? '' : bare)) return null
  const url = URL.canParse(`http://${bare}/`) ? new URL(`http://${bare}/`) : null
  return url === null || url.port !== '' || url.username !== '' ? null : url.hostname
}

/** True of both kinds of address, in the spelling of `canonicalHost`. */
export function isAddress(host: string): boolean {
  // Asked several times for each cookie, and hardly a name ends in a digit.
  const last = host.charCodeAt(host.length - 1)
  if (last === 0x5d) return host.startsWith('[')
  return last >= 0x30 && last <= 0x39 && /^\d+\.\d+\.\d+\.\d+$/.test(host)
}

/** §5.1.3; both in canonical form. */
export function domainMatch(host: string, domain: string): boolean {
  if (host === domain) return true
  const at = host.length - domain.length
  return (
    at > 0 && domain !== '' && host[at - 1] === '.' && host.endsWith(domain) && !isAddress(host)
  )
}

/**
 * The host, and then every domain it domain-matches, longest first. A single label is left out
 * unless it is the host itself: no cookie may span a top-level domain.
 */
export function matchingDomains(host: string): readonly string[] {
  if (host !== lastHost) {
    lastDomains = findMatching(host)
    lastHost = host
  }
  return lastDomains
}

/** Most calls are to the host of the call before. */
let lastHost = ''
let lastDomains: readonly string[] = []

function findMatching(host: string): string[] {
  const domains = [host]
  if (isAddress(host)) return domains
  let dot = host.indexOf('.')
  while (dot !== -1) {
    const parent = host.slice(dot + 1)
    dot = host.indexOf('.', dot + 1)
    if (dot !== -1) domains.push(parent)
  }
  return domains
}
