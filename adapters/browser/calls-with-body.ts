/** One-shot calls that carry a body. */
import { callWithBody } from '../../src/api-with-body.ts'
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { callPlatform } from './call-platform.ts'

export function request(
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return callWithBody(callPlatform, method, url, options)
}
export function post(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callWithBody(callPlatform, 'POST', url, options)
}
export function put(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callWithBody(callPlatform, 'PUT', url, options)
}
export function patch(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callWithBody(callPlatform, 'PATCH', url, options)
}
