/** One-shot calls that ask, and carry no body. */
import { callLightly } from '../../src/api-light.ts'
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { lightPlatform } from './light.ts'

export function get(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(lightPlatform, 'GET', url, options)
}
export function options(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(lightPlatform, 'OPTIONS', url, options)
}
export function head(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(lightPlatform, 'HEAD', url, options)
}
function del(url: URLInput, options?: RequestOptions): Promise<Response> {
  return callLightly(lightPlatform, 'DELETE', url, options)
}
export { del as delete }
