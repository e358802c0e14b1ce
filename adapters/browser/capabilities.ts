/** What every browser engine can do: where one of them cannot, this says no. */
import type { Capabilities } from '../../src/ports.ts'

export const browserCapabilities: Capabilities = {
  manualRedirect: false,
  cookies: false,
  anyHeader: false,
  hostHeader: false,
  anyMethod: true,
  bodyOnGet: false,
  // WebKitGTK sends UTF-8.
  latin1Headers: false,
  // Chromium over HTTP/2 only, Firefox and WebKit not at all.
  streamUpload: false,
  uploadLength: false,
  compressUpload: true,
  expectContinue: false,
  postOnce: false,
  rawBody: false,
  // WebKitGTK takes a cut chunked body for complete.
  cutBodySeen: false,
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
  get fileHandles(): boolean {
    return hasFileHandles()
  },
}

/** Not in WebKit before 26, nor on pages without a secure origin. */
function hasFileHandles(): boolean {
  return (
    typeof FileSystemFileHandle !== 'undefined' &&
    'createWritable' in FileSystemFileHandle.prototype
  )
}
