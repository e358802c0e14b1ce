/** What a conformance case is, and what a driver hands it. Types, plus the one way to skip. */
import type { Capabilities, Capability, RuntimeName } from '../../src/ports.ts'
import type { RecorderClient } from './recorder.ts'

/** Every entry has the same names; Node's has the widest types. */
export type Ubiquest = typeof import('../../adapters/node/index.ts')
export type Session = InstanceType<Ubiquest['Session']>
export type SessionDefaults = ConstructorParameters<Ubiquest['Session']>[0]

export interface Case {
  /** A sentence, unique in the suite. */
  readonly name: string
  /** Skipped where one of these is false in `requests.capabilities`. */
  readonly needs?: readonly Capability[]
  /** Never set: a case that runs alone would hide the others. */
  readonly only?: never
  run(context: Context): Promise<void>
}

export interface Context {
  /** The module under test, imported by its name as a user would. */
  readonly requests: Ubiquest
  /** Shorthand for what the module says of its default transport. */
  readonly capabilities: Capabilities
  readonly runtime: RuntimeName
  /** `node20`, `deno`, `chromium`, …: finer than the runtime. */
  readonly target: string
  readonly servers: Servers
  /** A session that the driver closes after the case. */
  session(defaults?: SessionDefaults): Session
  readonly recorder: RecorderClient
  /** Talks to the control listener, `control('/stats?tag=x')`; a body makes it a POST. */
  control(path: string, body?: unknown): Promise<unknown>
  /** A folder of this case alone, or null where the target has no files. */
  readonly temp: Temp | null
  /** SHA-256 in lower-case hex. */
  hash(bytes: Uint8Array): Promise<string>
  /** Ends the case as skipped, for a gap that shows only while it runs. */
  skip(capability: Capability): never
}

export interface Temp {
  /** Makes a file of these bytes, or of `size` bytes of `pattern(0, …)`; gives its path. */
  file(name: string, content: Uint8Array | number): Promise<string>
  /** The path a file of that name would have. */
  path(name: string): string
  read(path: string): Promise<Uint8Array>
  /** Names in the folder, sorted. */
  list(): Promise<string[]>
}

/** Base URLs without a trailing slash. Everything listens on loopback. */
export interface Servers {
  readonly http: string
  /** The same over IPv6, or null where the machine has none. */
  readonly http6: string | null
  /** The same at another port, hence another origin. */
  readonly other: string
  /** HTTP/1.1 over TLS; the certificate is signed by `ca`. */
  readonly https: string
  /** TLS with ALPN h2 and http/1.1; the certificate is signed by `ca`. */
  readonly h2: string
  /** Self-signed. */
  readonly untrusted: string
  /** Signed by `ca`, expired. */
  readonly expired: string
  /** Signed by `ca`, for another host. */
  readonly wrongHost: string
  /** Nobody listens there. */
  readonly refused: string
  /** Forward proxy with CONNECT; reaches loopback only, whatever host it is asked for. */
  readonly proxy: string
  /** The same behind Basic authentication: any user, password `secret`. */
  readonly proxyAuth: string
  /** The same behind Digest: any user, password `secret`; a nonce is stale after three uses. */
  readonly proxyDigest: string
  /** Asks for a client certificate that `ca` has signed. */
  readonly mtls: string
  /** PEM of such a certificate, and of its key. */
  readonly clientCert: string
  readonly clientKey: string
  /** Speaks TLS 1.2 and nothing newer. */
  readonly tls12: string
  /** `127.0.0.1:port`: takes connections and never says a word. */
  readonly silent: string
  /** Path of the unix domain socket of the plain server, or null where there are none. */
  readonly unix: string | null
  /** SOCKS 5 proxy, `127.0.0.1:port`; reaches loopback only, whatever host it is asked for. */
  readonly socks: string
  /** The same for those who know the password `secret`, whoever they say they are. */
  readonly socksAuth: string
  /** The recorder. */
  readonly raw: string
  /** PEM text of the authority. */
  readonly ca: string
  readonly control: string
}

/** Thrown by `Context.skip`. */
export class Skipped extends Error {
  readonly capability: Capability

  constructor(capability: Capability) {
    super(`needs ${capability}`)
    this.name = 'Skipped'
    this.capability = capability
  }
}
