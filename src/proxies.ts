/**
 * Which proxy a URL goes through (layer 1): the `proxies` option, the environment's variables and
 * NO_PROXY, the same on every runtime, whatever that runtime would read by itself.
 */
import { addressIn, canonicalHost, parseAddress, sameAddress, withoutDot } from './addresses.ts'
import type { Address } from './addresses.ts'
import { describe } from './bytes.ts'
import { InvalidProxyURLError } from './errors.ts'
import type { ProxyRules, ProxyTarget } from './ports.ts'
import { parseOrNull } from './url.ts'

const SCHEMES = new Set(['http:', 'https:', 'socks5:', 'socks5h:'])

export const proxyRules: ProxyRules = { resolve, fromEnvironment }

type Proxies = Readonly<Record<string, string | null>>

/** Explicit beats environment, always: not even a more exact entry of the environment wins. */
function resolve(url: URL, proxies: Proxies, environment: Proxies = {}): ProxyTarget | null {
  if (isEmpty(proxies) && isEmpty(environment)) return null
  checkProxies(proxies)
  const explicit = find(url, proxies)
  const proxy = explicit === undefined ? find(url, environment) : explicit
  if (proxy === null || proxy === undefined || proxy.trim() === '') return null
  const list = noProxy(proxies) ?? (explicit === undefined ? noProxy(environment) : null)
  if (list !== null && list !== undefined && bypasses(url, list)) return null
  return parseProxy(proxy.trim())
}

function isEmpty(proxies: Proxies): boolean {
  for (const scheme in proxies) if (Object.hasOwn(proxies, scheme)) return false
  return true
}

/** `ftp` stands in many tables of Python's `requests`. */
const KEY = /^(?:(?:https?|ftp|all)(?::\/\/[^\s/?#@]+)?|no_proxy)$/

/** What no URL would find, `http:` or a whole URL, would let the call go direct. */
function checkProxies(proxies: Proxies): void {
  for (const [key, proxy] of Object.entries<unknown>(proxies)) {
    if (!KEY.test(key)) {
      throw new TypeError(
        `proxies has no use for the key ${JSON.stringify(key.split('@').at(-1))}: the keys are http, https, all, one of these with ://host, and no_proxy.`,
      )
    }
    if (proxy !== null && typeof proxy !== 'string') {
      throw new TypeError(
        `The proxy for ${key} must be the text of a URL, or null, not ${describe(proxy)}.`,
      )
    }
  }
}

/** As in `requests`: `scheme://host` wins over `scheme`, that over `all://host` and `all`. */
function find(url: URL, proxies: Proxies): string | null | undefined {
  const scheme = url.protocol.slice(0, -1)
  const host = withoutDot(url.hostname)
  const keys = [`${scheme}://${url.host}`, `${scheme}://${host}`, scheme, `all://${host}`, 'all']
  const key = keys.find((each) => Object.hasOwn(proxies, each))
  return key === undefined ? undefined : proxies[key]
}

/** Undefined when nothing was said, null when the environment's is switched off. */
function noProxy(proxies: Proxies): string | null | undefined {
  return Object.hasOwn(proxies, 'no_proxy') ? (proxies['no_proxy'] ?? '') : undefined
}

/** Lower case wins, as curl has it; an empty variable counts as unset. */
function fromEnvironment(get: (name: string) => string | undefined): Record<string, string | null> {
  const proxies: Record<string, string | null> = {}
  for (const name of ['http', 'https', 'all', 'no']) {
    const lower = get(`${name}_proxy`)
    const value = isSet(lower) ? lower : get(`${name.toUpperCase()}_PROXY`)
    // To read a variable takes a microsecond, on Deno three: no more of them than needed.
    if (!isSet(value) || (value !== lower && isHeaderOfClient(name, get))) continue
    proxies[name === 'no' ? 'no_proxy' : name] = value.trim()
  }
  return proxies
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}

/** Under CGI a client's `Proxy:` header arrives as HTTP_PROXY (CVE-2016-5385, "httpoxy"). */
function isHeaderOfClient(name: string, get: (name: string) => string | undefined): boolean {
  return name === 'http' && (get('REQUEST_METHOD') ?? '') !== ''
}

/** @throws InvalidProxyURLError, which never shows user name and password. */
function parseProxy(text: string): ProxyTarget {
  // `host:8080` would parse as a URL whose scheme is the host.
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  const url = parseOrNull(hasScheme ? text : `http://${text}`)
  if (url === null || url.hostname === '') {
    throw new InvalidProxyURLError(
      'The URL of the proxy cannot be parsed. It looks like http://user:password@host:port.',
    )
  }
  if (!SCHEMES.has(url.protocol)) {
    throw new InvalidProxyURLError(
      `The scheme of the proxy ${url.protocol}//${url.host} is not known. Use http, https, socks5 or socks5h.`,
    )
  }
  const username = decode(url.username)
  const password = decode(url.password)
  url.username = ''
  url.password = ''
  return { url, username, password }
}

/** NO_PROXY: names with their subdomains, addresses, networks, each with a port or without. */
function bypasses(url: URL, list: string): boolean {
  const host = withoutDot(url.hostname)
  const address = parseAddress(host)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '') return false
    if (entry === '*') return true
    if (entry.includes('/')) return address !== null && addressIn(address, entry)
    return matches(entry, { host, port, address })
  })
}

interface Wanted {
  readonly host: string
  readonly port: string
  readonly address: Address | null
}

function matches(entry: string, wanted: Wanted): boolean {
  const [name, port] = splitPort(entry)
  if (port !== null && port !== wanted.port) return false
  // The parser of URLs makes it canonical: case, IDN, `127.1`, `0x7f000001`, a final dot.
  const host = canonicalHost(name.replace(/^\*?\./, ''))
  if (host === null) return false
  const address = parseAddress(host)
  if (address !== null || wanted.address !== null) {
    return address !== null && wanted.address !== null && sameAddress(address, wanted.address)
  }
  return wanted.host === host || wanted.host.endsWith(`.${host}`)
}

/** `host:port`, `[v6]:port`, or an address of IPv6 without brackets, which has colons of its own. */
function splitPort(entry: string): readonly [name: string, port: string | null] {
  const found = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)
  return found === null ? [entry, null] : [found[1] ?? '', String(Number(found[2]))]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all: the characters are meant as they stand.
    return text
  }
}
