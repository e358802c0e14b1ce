/** What transports can do (layer 0), asked by name and declared by each adapter. */

/**
 * What a transport can do. They belong to the transport of this hop, not to the runtime: a mock
 * mounted in a browser can show redirects and Set-Cookie.
 */
export interface Capabilities {
  /** 3xx answers are shown with their headers, so our own loop follows them. */
  readonly manualRedirect: boolean
  /** `Cookie` can be sent and `Set-Cookie` read by script. */
  readonly cookies: boolean
  /** Every request header can be set, also those a browser reserves for itself. */
  readonly anyHeader: boolean
  /** `Host` can be overruled. */
  readonly hostHeader: boolean
  /** Methods outside RFC 9110 and PATCH are sent as they are. */
  readonly anyMethod: boolean
  /** GET and HEAD can have a body. */
  readonly bodyOnGet: boolean
  /** Header values of U+0080 to U+00FF go out as Latin-1. */
  readonly latin1Headers: boolean
  /** A body of unknown length is streamed (chunked on HTTP/1.1). */
  readonly streamUpload: boolean
  /** A streamed body of known length is sent with Content-Length. */
  readonly uploadLength: boolean
  /** A body can be compressed on its way out (`compress`). */
  readonly compressUpload: boolean
  /** `Expect: 100-continue` holds the body back until the server wants it. */
  readonly expectContinue: boolean
  /** No POST is repeated behind our back, as browsers do when a reused connection dies. */
  readonly postOnce: boolean
  /** Undecoded response bytes can be had. */
  readonly rawBody: boolean
  /** A response body that ends before its announced end is noticed. */
  readonly cutBodySeen: boolean
  /** Refused, DNS, reset and TLS failures can be told apart. */
  readonly errorDetail: boolean
  /** TLS verification can be switched off. */
  readonly tlsVerifyOff: boolean
  /** Own authorities replace the system's. */
  readonly customCA: boolean
  /** A client certificate can be shown (`cert`). */
  readonly clientCertificate: boolean
  /** Calls can go through proxies of HTTP (`proxies`). */
  readonly proxy: boolean
  /** And through those of SOCKS 5. */
  readonly socks: boolean
  /** What a proxy asks when it refuses a tunnel is shown, so that Digest can answer. */
  readonly proxyChallenge: boolean
  /** A transport can speak to a socket of the file system (`socketPath`). */
  readonly unixSocket: boolean
  /** `allowAddress` of a transport sees the addresses that connections are made to. */
  readonly addressPolicy: boolean
  /** Connections are pooled under our control. */
  readonly pool: boolean
  /** `timeout.connect` is told apart from `timeout.read`. */
  readonly connectTimeout: boolean
  /** The engine has a `Response` of its own, for `toResponse()` and `session.fetch`. */
  readonly nativeResponse: boolean
  /** Files are read from and written to paths. */
  readonly paths: boolean
  /** Files are written through handles of the File System API. */
  readonly fileHandles: boolean
}
export type Capability = keyof Capabilities
