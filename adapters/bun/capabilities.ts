/** What Bun's `fetch` can do (1.3 and 1.4). */
import type { Capabilities } from '../../src/ports.ts'

export const bunCapabilities: Capabilities = {
  manualRedirect: true,
  cookies: true,
  anyHeader: true,
  hostHeader: true,
  anyMethod: false,
  bodyOnGet: false,
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
  socks: false,
  unixSocket: true,
  pool: true,
  connectTimeout: false,
  nativeResponse: true,
  paths: true,
  fileHandles: false,
}
