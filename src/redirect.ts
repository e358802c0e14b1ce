/**
 * What a 3xx answer means (leaf of step 3): where it leads, with which method, and which headers may
 * go along. Every path that follows a redirect asks here, so that none can forget to strip.
 */
import { InvalidURLError } from './errors.ts'
import type { HeaderPairs, RedirectHop, RedirectRules } from './ports.ts'
import { isSecretHeader } from './secret-headers.ts'
import { originOf } from './url.ts'
import { redactURL } from './shown-url.ts'

export const redirectRules: RedirectRules = {
  target: redirectTarget,
  method: redirectMethod,
  headers: redirectHeaders,
}

/** 300 and 304 are never followed, as in browsers and in Python's requests. */
const FOLLOWED: ReadonlySet<number> = /* @__PURE__ */ new Set([301, 302, 303, 307, 308])

function redirectTarget(status: number, location: string | null, from: URL): URL | null {
  if (!FOLLOWED.has(status) || location === null || location.trim() === '') return null
  let to: URL
  try {
    to = resolve(escapeNonASCII(location), from)
  } catch {
    // The parser's own message differs by engine and may repeat credentials.
    throw new InvalidURLError(
      `The answer of ${redactURL(from)} redirects to a URL that cannot be parsed.`,
      { code: 'INVALID_REDIRECT' },
    )
  }
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    throw new InvalidURLError(
      `The answer of ${redactURL(from)} redirects to a ${to.protocol} URL; only http: and https: are followed.`,
      { code: 'INVALID_REDIRECT' },
    )
  }
  // A server must not choose the credentials that the next request would send. Asked first, here and
  // below: to set a part of a URL is to parse it anew.
  if (to.username !== '') to.username = ''
  if (to.password !== '') to.password = ''
  // RFC 9110 §10.2.2: the fragment is inherited unless Location has its own.
  if (from.hash !== '' && !location.includes('#')) to.hash = from.hash
  return to
}

/** A path is put behind the origin, so that the base is not parsed again. What follows the slash decides
 *  whether it is one: `//host` and `/\t/host` name another host. */
function resolve(location: string, from: URL): URL {
  return /^\/[\w-]/.test(location) ? new URL(originOf(from) + location) : new URL(location, from)
}

/**
 * Header values come as Latin-1: the bytes are kept and percent-encoded, as Chromium does, which is
 * right for UTF-8 and loses nothing for the rest. Characters beyond U+00FF show that the runtime
 * has decoded the value already.
 */
function escapeNonASCII(location: string): string {
  if (!/[\x80-\uffff]/.test(location)) return location
  if (/[\u0100-\uffff]/.test(location)) {
    // Well-formed first: encodeURIComponent throws on half a surrogate pair.
    return location.replace(/[\x80-\uffff]+/g, (part) => encodeURIComponent(wellFormed(part)))
  }
  return location.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
}

/** RFC 9110 §15.4, as browsers do it: only POST changes at 301 and 302. */
function redirectMethod(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  if ((status === 301 || status === 302) && method === 'POST') return 'GET'
  return method
}

/**
 * Credentials belong to an origin: scheme, host and port. Another scheme is another origin, so that
 * https to http strips them too, on the same host as well; a subdomain is another origin.
 */
function redirectHeaders(hop: RedirectHop): HeaderPairs {
  const leaves = originOf(hop.from) !== originOf(hop.to)
  return leaves || hop.bodyDropped ? withoutLeft(hop, leaves) : hop.headers
}

/** @param leaves for another origin. */
function withoutLeft(hop: RedirectHop, leaves: boolean): HeaderPairs {
  const declared = new Set(hop.secretHeaders.map((name) => name.toLowerCase()))
  return hop.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    if (hop.bodyDropped && describesBody(lower)) return false
    if (!leaves) return true
    return lower !== 'host' && !isSecretHeader(lower) && !declared.has(lower)
  })
}

/** What speaks of a body that is gone; the digests are RFC 9530 and its predecessor. */
function describesBody(lower: string): boolean {
  return (
    lower.startsWith('content-') ||
    ['transfer-encoding', 'trailer', 'expect', 'digest', 'repr-digest'].includes(lower)
  )
}
