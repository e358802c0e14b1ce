/** One-shot calls that carry a body. */
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import type * as Full from './full-calls-with-body.ts'

let full: typeof Full | null = null

/** What makes bodies, and sends them, is loaded with the first call. */
async function call(method: string, url: URLInput, options?: RequestOptions): Promise<Response> {
  full ??= await import('./full-calls-with-body.ts')
  return full.callWithBody(method, url, options)
}

export function request(
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return call(method, url, options)
}
export function post(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call('POST', url, options)
}
export function put(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call('PUT', url, options)
}
export function patch(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call('PATCH', url, options)
}
