/** One-shot calls, bound to workerd. */
import { call } from '../../src/api.ts'
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { platform } from './platform.ts'

export function request(
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return call(platform, method, url, options)
}
export function get(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'GET', url, options)
}
export function options(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'OPTIONS', url, options)
}
export function head(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'HEAD', url, options)
}
export function post(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'POST', url, options)
}
export function put(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'PUT', url, options)
}
export function patch(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'PATCH', url, options)
}
function del(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'DELETE', url, options)
}
export { del as delete }
