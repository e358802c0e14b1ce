/** How a browser's `fetch` is used: bodies as Blobs, redirects left to the engine. */
import type { WireRequest } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import { codingsOf } from '../fetch/coded.ts'
import type { Dialect, FetchFunction, NativeInit } from '../fetch/dialect.ts'
import { pickInit } from '../fetch/native-init.ts'
import { browserCapabilities } from './capabilities.ts'
import { translateBrowserError } from './errors.ts'
import { wasStreamed } from './streamed.ts'
import { usualDialect } from '../fetch/usual-dialect.ts'

export const browserDialect: Dialect = {
  ...usualDialect,
  runtime: 'browser',
  capabilities: browserCapabilities,
  fetch: (request, carrier) =>
    carrier?.whole === true && wantsProgress(request) ? fetchByXHR(request) : nativeFetch,
  refuse,
  init,
  uploadBody: async (upload, request) =>
    (await import('./upload-body.ts')).uploadBody(upload, request),
  undone: codingsOf,
  // Cross-origin, Content-Encoding is hidden while Content-Length is not.
  lengthHolds: (response, undone) => undone.length === 0 && response.type === 'basic',
  translateError: (error, request, phase) =>
    translateBrowserError(error, request, phase, wasStreamed(request) ? STREAMED : ''),
}

/** Looked up at call time, so that a replaced `fetch` is honoured. */
const nativeFetch: FetchFunction = (url, init) => globalThis.fetch(url, init)

/** Chromium refuses a stream over HTTP/1.1 in the same words as everything else. */
const STREAMED =
  ' The body was a stream, which needs HTTP/2: send a Blob or bytes to an older server.'

/** Its listener costs a preflight across origins, so XMLHttpRequest is used for nothing else. What
 *  it cannot do (streaming, no credentials, no redirects) leaves the upload to `fetch`. */
function wantsProgress(request: WireRequest): boolean {
  return (
    request.onSent !== null &&
    !request.stream &&
    request.redirect === 'follow' &&
    request.credentials !== 'omit' &&
    typeof XMLHttpRequest !== 'undefined'
  )
}

/** Loaded with the first upload that shows its progress. */
function fetchByXHR(request: WireRequest): FetchFunction {
  return async (url, init) => (await import('./xhr.ts')).sendByXHR(request, url, init)
}

function refuse(request: WireRequest): void {
  const { method } = request
  if (method === 'CONNECT' || method === 'TRACE' || method === 'TRACK') {
    throw unsupported(`The method ${method}`, 'browser', 'Fetch forbids it.')
  }
  if (request.body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(
      `A body with ${method}`,
      'browser',
      'Use POST, or QUERY where the server knows it.',
    )
  }
  if (request.redirect === 'manual') {
    throw unsupported(
      'Seeing a redirect instead of following it',
      'browser',
      'Use `redirect: "follow"` and look at `response.url`, or "error".',
    )
  }
}

function init(request: WireRequest, init: NativeInit): NativeInit {
  pickInit(request.init, init)
  if (request.credentials !== null) init['credentials'] = request.credentials
  return init
}
