/** One-shot calls (layer 7): a session of their own over sockets that all of them share. */
import type { Platform } from './ports.ts'
import type { Response } from './response.ts'
import { Session } from './session.ts'
import type { RequestOptions } from './settings.ts'
import type { URLInput } from './types.ts'

/** Cookies that an answer sets live as long as the call: keep-alive yes, shared cookies never. */
export function call(
  platform: Platform,
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return new Session(platform, {}, platform.sharedTransport()).request(method, url, options)
}
