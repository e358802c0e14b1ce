/** One-shot calls (layer 7): a state of their own over sockets that all of them share. */
import { emptyJar } from './empty-jar.ts'
import { own } from './own.ts'
import type { CallPlatform, EnvironmentSettings } from './ports.ts'
import { hasBody, prepareParts } from './prepare.ts'
import type { BodyEncoder } from './prepare.ts'
import { completeParts } from './prepared-parts.ts'
import type { Response } from './response.ts'
import { send } from './send.ts'
import { isContent, mergeSettings } from './settings.ts'
import type { RequestOptions, SendSettings } from './settings.ts'
import type { URLInput } from './types.ts'

/**
 * Cookies that an answer sets live as long as the call: keep-alive yes, shared cookies never. What
 * makes a body is loaded when there is one.
 */
export async function call(
  platform: CallPlatform,
  method: string,
  url: URLInput,
  options: RequestOptions = {},
): Promise<Response> {
  const encode = hasBody(options) ? await loadEncoder() : null
  return sendOnce(platform, { method, url, options }, encode)
}

export interface OneShot {
  readonly method: string
  readonly url: URLInput
  readonly options: RequestOptions
}

/** A call whose body, if there is one, is made by `encode`. */
export function sendOnce(
  platform: CallPlatform,
  asked: OneShot,
  encode: BodyEncoder | null,
): Promise<Response> {
  const { method, url, options } = asked
  const parts = prepareParts(method, url, options, {
    baseUrl: null,
    allowAbsoluteUrls: false,
    page: own(platform, 'baseUrl')?.() ?? null,
    headers: platform.defaultHeaders,
    auth: undefined,
    params: undefined,
    secretHeaders: undefined,
    netrc: own(platform, 'netrc'),
    encode,
  })
  return send(completeParts(parts), {
    platform,
    jar: platform.cookies?.createJar() ?? emptyJar(),
    settings: settingsOf(options, own(platform, 'environmentSettings')?.()),
    home: null,
    transportFor: () => platform.sharedTransport(),
    track: () => undefined,
  })
}

let usual: { environment: EnvironmentSettings | undefined; settings: SendSettings } | null = null

/** Most calls say nothing about how they are sent: merged once for them, while the environment is the same. */
function settingsOf(
  options: RequestOptions,
  environment: EnvironmentSettings | undefined,
): SendSettings {
  for (const name in options) {
    if (!isContent(name)) return mergeSettings(options, {}, environment)
  }
  // A list or a map in the place of options, which the merge refuses.
  if (Symbol.iterator in Object(options)) return mergeSettings(options, {}, environment)
  if (usual === null || usual.environment !== environment) {
    usual = { environment, settings: mergeSettings({}, {}, environment) }
  }
  return usual.settings
}

let loaded: BodyEncoder | null = null

async function loadEncoder(): Promise<BodyEncoder> {
  loaded ??= (await import('./body/from-input.ts')).encodeBody
  return loaded
}
