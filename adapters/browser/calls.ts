/** One-shot calls that ask, and carry no body. */
import { callLightly } from '../../src/api-light.ts'
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { callPlatform } from './call-platform.ts'

export function get(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(callPlatform, 'GET', url, options)
}
export function options(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(callPlatform, 'OPTIONS', url, options)
}
export function head(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(callPlatform, 'HEAD', url, options)
}
function del(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(callPlatform, 'DELETE', url, options)
}
export { del as delete }
