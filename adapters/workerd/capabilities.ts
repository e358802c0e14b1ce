/** What `fetch` of workerd can do (compatibility dates from 2024-11-11). */
import type { Capabilities } from '../../src/ports.ts'

export const workerdCapabilities: Capabilities = {
  manualRedirect: true,
  cookies: true,
  // Connection, Keep-Alive, TE, Trailer and Upgrade are dropped, but framing is ours to set anyway.
  anyHeader: true,
  hostHeader: false,
  anyMethod: false,
  bodyOnGet: false,
  // Header values go out, and come in, as UTF-8.
  latin1Headers: false,
  streamUpload: true,
  uploadLength: true,
  compressUpload: true,
  expectContinue: false,
  postOnce: true,
  rawBody: true,
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
