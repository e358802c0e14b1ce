/** One-shot calls (layer 7): a state of their own over sockets that all of them share. */
import { emptyJar } from './empty-jar.ts'
import { own } from './own.ts'
import type { CallPlatform } from './ports.ts'
import { prepareParts } from './prepare.ts'
import type { BodyEncoder } from './prepare.ts'
import { completeParts } from './prepared-parts.ts'
import type { Response } from './response.ts'
import { send } from './send.ts'
import { mergeSettings } from './settings.ts'
import type { PrepareOptions, RequestOptions } from './settings.ts'
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
  const page = own(platform, 'baseUrl')?.() ?? null
  const base = { baseUrl: null, allowAbsoluteUrls: false, page }
  const session = { headers: platform.defaultHeaders }
  const defaults = { base, session, netrc: own(platform, 'netrc') }
  const parts = completeParts(prepareParts(asked, defaults, encode))
  return send(parts, {
    platform,
    jar: platform.cookies?.createJar() ?? emptyJar(),
    settings: mergeSettings(asked.options, {}, own(platform, 'environmentSettings')?.()),
    home: null,
    transportFor: () => platform.sharedTransport(),
    track: () => undefined,
  })
}

function hasBody(options: PrepareOptions): boolean {
  return (
    own(options, 'json') !== undefined ||
    (own(options, 'data') ?? null) !== null ||
    (own(options, 'files') ?? null) !== null
  )
}

let loaded: BodyEncoder | null = null

async function loadEncoder(): Promise<BodyEncoder> {
  loaded ??= (await import('./body/from-input.ts')).encodeBody
  return loaded
}
