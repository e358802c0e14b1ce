/** XMLHttpRequest in the shape of `fetch`: the only way to see an upload move in a browser. */
import { BodyTooLargeError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { isNullBodyStatus } from '../../src/status.ts'
import { errorRequest, nameRequest } from '../fetch/about.ts'
import type { FetchFunction } from '../fetch/dialect.ts'

/** It hands the answer over only when that is complete, so it is bounded here, by the default of
 *  `maxBytes`. */
const LARGEST_ANSWER = 100 * 1024 * 1024

/** Its listener costs a preflight across origins, so it is used for nothing else. What it cannot do
 *  (streaming, no credentials, no redirects) leaves the upload to `fetch`. */
export function needsXHR(request: WireRequest): boolean {
  return (
    request.onSent !== null &&
    request.body !== null &&
    !request.stream &&
    request.redirect === 'follow' &&
    request.credentials !== 'omit' &&
    typeof XMLHttpRequest !== 'undefined'
  )
}

export function xhrFetch(request: WireRequest): FetchFunction {
  return (url, init) =>
    new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest()
      xhr.open(request.method, url)
      xhr.responseType = 'arraybuffer'
      xhr.withCredentials = request.credentials === 'include'
      for (const [name, value] of request.headers) xhr.setRequestHeader(name, value)
      watch(xhr, request, reject)
      xhr.onload = () => resolve(responseOf(xhr, url))
      xhr.onerror = () => reject(new TypeError('XMLHttpRequest failed'))
      init.signal?.addEventListener('abort', () => xhr.abort())
      // A stream is never handed down here: `uploadBody` has made bytes or a Blob of it.
      xhr.send(init.body as XMLHttpRequestBodyInit)
    })
}

function watch(xhr: XMLHttpRequest, request: WireRequest, reject: (error: Error) => void): void {
  const { deadline, onSent } = request
  xhr.upload.onprogress = ({ loaded, total }) => {
    deadline.waiting()
    onSent?.(loaded, total)
  }
  xhr.onprogress = ({ loaded }) => {
    deadline.waiting()
    if (loaded <= LARGEST_ANSWER) return
    xhr.abort()
    const message = `${nameRequest(request)}: the answer to an upload with progress is larger than ${String(LARGEST_ANSWER)} bytes.`
    reject(new BodyTooLargeError(message, { request: errorRequest(request) }))
  }
}

function responseOf(xhr: XMLHttpRequest, url: string): Response {
  // What `responseType` promises, once it has loaded.
  const bytes = xhr.response as ArrayBuffer
  const { status, statusText, responseURL } = xhr
  const response = new Response(isNullBodyStatus(status) ? null : bytes, {
    status,
    statusText,
    headers: headersOf(xhr.getAllResponseHeaders()),
  })
  Object.defineProperty(response, 'url', { value: responseURL })
  Object.defineProperty(response, 'redirected', { value: responseURL !== url })
  return response
}

/** XMLHttpRequest §3.6.5: one combined line for each name. */
function headersOf(lines: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const line of lines.split('\r\n')) {
    const at = line.indexOf(': ')
    if (at > 0) pairs.push([line.slice(0, at), line.slice(at + 2)])
  }
  return pairs
}
