/** One-shot calls with the methods that are there to carry a body (layer 7). */
import { sendOnce } from './api.ts'
import { encodeBody } from './body/from-input.ts'
import type { CallPlatform } from './ports.ts'
import type { Response } from './response.ts'
import type { RequestOptions } from './settings.ts'
import type { URLInput } from './types.ts'

export async function callWithBody(
  platform: CallPlatform,
  method: string,
  url: URLInput,
  options: RequestOptions = {},
): Promise<Response> {
  return sendOnce(platform, { method, url, options }, (body) => encodeBody(body))
}
