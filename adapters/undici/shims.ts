/**
 * The part of undici 7 that is used here, as structural types: its own declarations would drag
 * Node's global types into everything that imports an adapter.
 */
import type { RuntimeName } from '../../src/ports.ts'
import type { OnRead } from '../node/read-memory.ts'

export interface Socket {
  readonly destroyed: boolean
  readonly alpnProtocol?: string | false | null
  /** On TLS sockets. */
  getPeerCertificate?(): { readonly valid_from?: string; readonly valid_to?: string } | null
  destroy(error?: Error): unknown
  on(event: SocketEvent, listener: (error: Error) => void): unknown
  off(event: SocketEvent, listener: (error: Error) => void): unknown
  write(bytes: Uint8Array): boolean
  /** Exactly so many bytes, or null while there are fewer. */
  read(size: number): Uint8Array | null
}
/** `error` alone brings an argument. */
export type SocketEvent = 'error' | 'close' | 'readable' | 'lookup' | 'connect'

export interface ConnectTarget {
  readonly hostname: string
  readonly host?: string
  readonly protocol: string
  readonly port: string | number
  readonly servername?: string | null
  /** A tunnel that TLS is to run over. */
  readonly httpSocket?: Socket
}
export type ConnectCallback = (error: Error | null, socket?: Socket) => void
/** Gives the socket back at once where there is one already, so that it can be given up. */
export type Connector = (target: ConnectTarget, callback: ConnectCallback) => Socket | undefined

/** What `node:tls` and undici's connector take. */
export interface ConnectOptions {
  readonly allowH2?: boolean
  readonly socketPath?: string
  readonly timeout?: number
  readonly rejectUnauthorized?: boolean
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly servername?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly lookup?: Lookup
  readonly onread?: OnRead
}

export interface FoundAddress {
  readonly address: string
  readonly family: number
}
/** The `lookup` option of `node:net`. */
export type Lookup = (
  hostname: string,
  options: { readonly all?: boolean; readonly family?: AddressFamily },
  callback: (error: unknown, found?: string | readonly FoundAddress[], family?: number) => void,
) => void
/** 0 is either. */
export type AddressFamily = 0 | 4 | 6 | 'IPv4' | 'IPv6'

/** A header name or value: bytes of what the socket read, or text where HTTP/2 brought it. */
export type RawText = string | RawBytes
export interface RawBytes extends Uint8Array {
  toString(encoding?: 'latin1'): string
}

/**
 * Undici's first kind of handler. The newer kind (`onRequestStart` and so on) is wrapped into one of
 * these, with a controller per request and the headers of each answer as an object besides: 2 µs of
 * 18, and 25 of 80 where an answer has a hundred fields. Version 8 knows the newer kind alone.
 */
export interface Handler {
  onConnect(abort: (reason: Error) => void): void
  /** The first byte of an answer. */
  onResponseStarted?(): void
  /** Names and values in turn, as received. False pauses the socket until `resume` is called. */
  onHeaders?(
    status: number,
    headers: readonly RawText[],
    resume: () => void,
    statusText?: string,
  ): boolean
  onData?(chunk: Uint8Array): boolean
  onComplete?(): void
  onError(error: unknown): void
  /** The answer to CONNECT, whatever its status. */
  onUpgrade?(status: number, headers: readonly RawText[], socket: Socket): void
}

export interface DispatchOptions {
  readonly path: string
  readonly method: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null
  readonly headersTimeout: 0
  readonly bodyTimeout: 0
  /** False keeps the socket after HEAD, and after GET or DELETE with a body. */
  readonly reset: boolean
  readonly servername?: string
  // What undici asks for besides; undefined, so that no prototype is asked.
  readonly query?: undefined
  /** Over HTTP/2: does not wait for those before it. */
  readonly idempotent?: true | undefined
  readonly blocking?: undefined
  readonly upgrade?: undefined
  readonly expectContinue?: undefined
  readonly throwOnError?: undefined
  readonly maxRedirections?: undefined
  readonly typeOfService?: undefined
}

export interface ClientOptions {
  readonly connect: Connector
  readonly pipelining: number
  readonly maxHeaderSize: number
  readonly headersTimeout: 0
  readonly bodyTimeout: 0
  readonly allowH2: boolean
  readonly keepAliveTimeout?: number
  readonly keepAliveMaxTimeout?: number
}

/** One socket to one origin, and the requests that wait for it. */
export interface Client {
  pipelining: number
  dispatch(options: DispatchOptions, handler: Handler): boolean
  close(): Promise<unknown>
  destroy(error?: Error): Promise<unknown>
  on(event: 'disconnect', listener: () => void): unknown
}

export interface Undici {
  readonly Client: new (origin: string, options: ClientOptions) => Client
  readonly buildConnector: (options: ConnectOptions) => Connector
}

/** @param hold told each socket while the tunnel is being made, so that it can be given up. */
export type OpenTunnel = (target: ConnectTarget, hold: (socket: Socket) => void) => Promise<Socket>

/** What Node and Deno bring along for the transport they share. */
export interface UndiciHost {
  readonly runtime: RuntimeName
  /** `node:tls` says what is wrong with a certificate. */
  readonly tellsCertificateFaults: boolean
  /** How plain sockets read into memory that is used again; null where they cannot. */
  readonly onRead: OnRead | null
  /** Called at the first send. */
  load(): Promise<Undici>
  readFile(path: string): Promise<Uint8Array>
  /** The addresses of a host name, in the order to try them. */
  lookup(hostname: string, family?: AddressFamily): Promise<readonly FoundAddress[]>
}
