/** What a `fetch` of cross-fetch can do: by sockets on servers, by XMLHttpRequest elsewhere. */
import type { Capabilities } from '../../src/ports.ts'
import { hasXHR } from './engine.ts'

/** Asked when they are needed: a module that is loaded asks nothing. */
export const ponyfillCapabilities: Capabilities = {
  get manualRedirect() {
    return !hasXHR()
  },
  get cookies() {
    return !hasXHR()
  },
  get anyHeader() {
    return !hasXHR()
  },
  get hostHeader() {
    return !hasXHR()
  },
  get anyMethod() {
    return !hasXHR()
  },
  bodyOnGet: false,
  get latin1Headers() {
    return !hasXHR()
  },
  // node-fetch takes Node's own streams only, which an engine without streams cannot make.
  streamUpload: false,
  uploadLength: false,
  compressUpload: false,
  expectContinue: false,
  postOnce: true,
  rawBody: false,
  // node-fetch 2 waits for ever for the rest of a Content-Length: the read timeout ends that.
  cutBodySeen: false,
  get errorDetail() {
    return !hasXHR()
  },
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
  nativeResponse: false,
  paths: false,
  fileHandles: false,
}
