/** The part of the ports that is about connections (layer 0): pools, TLS, proxies, counters. */

/** TLS as it is for one request. */
export interface TlsSettings {
  /** `true`: the system's authorities. A path or PEM text, or PEM bytes: exactly these. */
  readonly verify: boolean | string | Uint8Array
  /** Client certificate: file with both, or certificate and key; paths or PEM. */
  readonly cert: string | readonly [cert: string, key: string] | null
}

/** The proxy a request goes through, resolved by the core. */
export interface ProxyTarget {
  /** Scheme http, https, socks5 or socks5h; without user-info. */
  readonly url: URL
  readonly username: string
  readonly password: string
}

/** What a transport is made with; part of no pool key is a timeout. */
export interface TransportSettings {
  readonly pool?: PoolSettings | null | undefined
  readonly http2?: boolean | undefined
  /** Path of a unix domain socket that all connections of this transport go to. */
  readonly socketPath?: string | null | undefined
  readonly tls?: TransportTls | null | undefined
  /** Where connections may lead, asked of each address once it is known: after DNS, on redirects
   *  too. `'public'` is the public internet alone; a function is asked of each address of a host. */
  readonly allowAddress?: AddressPolicy | null | undefined
}

/** @param address IPv4 with dots, or IPv6 by RFC 5952; a mapped IPv4 address is that IPv4 address. */
export type AddressPolicy = 'public' | ((address: string, hostname: string) => boolean)

/** TLS of every connection of one transport; `verify` and `cert` are those of calls that say
 *  nothing. */
export interface TransportTls {
  /** The only authorities to trust: a path, PEM text or bytes. */
  readonly verify?: string | Uint8Array | undefined
  readonly cert?: string | readonly [cert: string, key: string] | undefined
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Asked for by SNI, and the name the certificate has to have, instead of the URL's host. */
  readonly serverName?: string | undefined
}

export interface PoolSettings {
  /** Connections per origin. */
  readonly maxConnections?: number | undefined
  /** Idle connections kept in all. */
  readonly maxIdle?: number | undefined
  /** Milliseconds an idle connection is kept. */
  readonly idleTimeout?: number | undefined
  readonly pipelining?: number | undefined
}

/** Connections and requests of one transport. */
export interface PoolStats {
  /** Connections now. */
  readonly open: number
  readonly idle: number
  /** Connections so far. */
  readonly created: number
  /** Requests that an open connection served. */
  readonly reused: number
  readonly requests: number
}

/** How long the steps of a request took, in milliseconds; null where the runtime does not tell, 0
 *  where an open connection was used. */
export interface WireTimings {
  readonly dns: number | null
  readonly connect: number | null
  readonly tls: number | null
}

/** Which proxy a URL goes through; absent where the runtime has no proxies of ours. */
export interface ProxyRules {
  /** What was said explicitly comes first; NO_PROXY of the environment is about its own proxies. */
  resolve(
    url: URL,
    proxies: Readonly<Record<string, string | null>>,
    environment?: Readonly<Record<string, string | null>>,
  ): ProxyTarget | null
  /** The `proxies` that environment variables describe, NO_PROXY under `no_proxy`. */
  fromEnvironment(get: (name: string) => string | undefined): Record<string, string | null>
}

/** What environment variables say about connections. */
export interface EnvironmentSettings {
  readonly proxies: Readonly<Record<string, string | null>>
  /** A file with certificate authorities. */
  readonly verify?: string
}
