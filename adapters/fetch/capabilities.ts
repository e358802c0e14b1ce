/** What any server-like runtime with a standard `fetch` can be trusted with. */
import type { Capabilities } from '../../src/ports.ts'

export const fetchCapabilities: Capabilities = {
  manualRedirect: true,
  cookies: true,
  anyHeader: true,
  hostHeader: false,
  anyMethod: false,
  bodyOnGet: false,
  latin1Headers: false,
  streamUpload: true,
  // Node honours a Content-Length beside a stream, Deno and edge runtimes drop it.
  uploadLength: false,
  compressUpload: true,
  expectContinue: false,
  postOnce: false,
  rawBody: false,
  cutBodySeen: true,
  errorDetail: false,
  tlsVerifyOff: false,
  customCA: false,
  clientCertificate: false,
  proxy: false,
  socks: false,
  proxyChallenge: false,
  unixSocket: false,
  addressPolicy: false,
  pool: false,
  connectTimeout: false,
  nativeResponse: true,
  paths: false,
  fileHandles: false,
}
