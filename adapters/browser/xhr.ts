/** XMLHttpRequest in the shape of `fetch`: the only way to see an upload move in a browser. */
import { BodyTooLargeError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { isNullBodyStatus } from '../../src/status.ts'
import { errorRequest, nameRequest } from '../fetch/about.ts'

/** It hands the answer over only when that is complete, so it is bounded here, by the default of
 *  `maxBytes`. */
const LARGEST_ANSWER = 100 * 1024 * 1024

/** @param init with a body of bytes or a Blob: a stream would go out as its name. */
export async function sendByXHR(
  request: WireRequest,
  url: string,
  init: RequestInit,
): Promise<Response> {
  return responseOf(await load(request, url, init), url)
}

function load(request: WireRequest, url: string, init: RequestInit): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method, url)
    xhr.responseType = 'arraybuffer'
    xhr.withCredentials = request.credentials === 'include'
    // Those of the request, and the type that only its open body knows.
    new Headers(init.headers).forEach((value, name) => xhr.setRequestHeader(name, value))
    watchUpload(xhr, request)
    watchAnswer(xhr, request, reject)
    xhr.onload = () => resolve(xhr)
    xhr.onerror = () => reject(new TypeError('XMLHttpRequest failed'))
    init.signal?.addEventListener('abort', () => xhr.abort())
    // Holds as the parameter says: bytes or a Blob.
    if (init.signal?.aborted !== true) xhr.send(init.body as XMLHttpRequestBodyInit)
  })
}

function watchUpload({ upload }: XMLHttpRequest, { deadline, onSent }: WireRequest): void {
  const tell = ({ loaded, total }: ProgressEvent): void => {
    deadline.waiting()
    onSent?.(loaded, total, 'wire')
  }
  upload.onprogress = tell
  upload.onload = tell
}

function watchAnswer(
  xhr: XMLHttpRequest,
  request: WireRequest,
  reject: (error: Error) => void,
): void {
  xhr.onprogress = ({ loaded }) => {
    request.deadline.waiting()
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
    headers: headersOf(xhr.getAllResponseHeaders()),
  })
  // Servers send what a Response of script's own making cannot have: a status of 999, say.
  return Object.defineProperties(response, {
    status: { value: status },
    statusText: { value: statusText },
    url: { value: responseURL },
    // It comes without the fragment.
    redirected: { value: responseURL !== url.split('#')[0] },
  })
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
