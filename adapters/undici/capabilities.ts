/** What the transport over undici can do: everything, on Node and on Deno alike. */
import type { Capabilities } from '../../src/ports.ts'

export const undiciCapabilities: Capabilities = {
  manualRedirect: true,
  cookies: true,
  anyHeader: true,
  hostHeader: true,
  anyMethod: true,
  bodyOnGet: true,
  latin1Headers: true,
  streamUpload: true,
  uploadLength: true,
  postOnce: true,
  rawBody: true,
  cutBodySeen: true,
  errorDetail: true,
  tlsVerifyOff: true,
  customCA: true,
  clientCertificate: true,
  proxy: true,
  socks: true,
  unixSocket: true,
  pool: true,
  connectTimeout: true,
  nativeResponse: true,
  paths: true,
  fileHandles: false,
}
