/** Calls that are there to carry a body; loaded with the first. */
import { callWithBody as coreCall } from '../../src/api-with-body.ts'
import type { Response } from '../../src/response.ts'
import type { RequestOptions } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { callPlatform } from './call-platform.ts'

export function callWithBody(
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return coreCall(callPlatform, method, url, options)
}
