/**
 * One-shot calls where the engine does most of the work (layer 7). Whatever a call says is loaded
 * with the first that says something, and so is what is wrong with its URL.
 */
import { lightCall } from './light-call.ts'
import type { LightPlatform } from './light-call.ts'
import type { Response } from './response.ts'
import type { RequestOptions } from './settings.ts'
import type { URLInput } from './types.ts'

export async function callLightly(
  platform: LightPlatform,
  method: string,
  url: URLInput,
  options: RequestOptions = {},
): Promise<Response> {
  const target = saysNothing(options) ? plainURL(url, platform.pageUrl() ?? undefined) : null
  return target === null
    ? platform.full(method, url, options)
    : lightCall(platform, { method, url: target })
}

function saysNothing(options: object): boolean {
  return Object.getOwnPropertyNames(options).every(
    (name) => Reflect.get(options, name) === undefined,
  )
}

/** Null for whatever is not just a URL of http or https. */
function plainURL(input: URLInput, page: string | undefined): URL | null {
  if (typeof input !== 'string' && !(input instanceof URL)) return null
  try {
    const url = new URL(typeof input === 'string' ? input.trim() : input.href, page)
    return /^https?:$/.test(url.protocol) && url.username + url.password === '' ? url : null
  } catch {
    return null
  }
}
