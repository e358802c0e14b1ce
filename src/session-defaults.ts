/**
 * What a session says for all of its calls (layer 5): one member for each default, under the names
 * of a call's options. `undefined` is "not said", so that the environment and our own defaults have
 * their say; the one merge in `settings.ts` reads these members as they are at each call.
 */
import { hideMembers, own } from './own.ts'
import type { PoolSettings } from './ports.ts'
import type { HooksInput, SendOptions, SessionInput } from './settings.ts'
import type { AuthInput, ParamsInput, ProxiesInput } from './types.ts'

type Default<Name extends keyof SendOptions> = SendOptions[Name]

export class SessionDefaults {
  /** Sent to every URL that a call names, never across a redirect to another origin. */
  auth: AuthInput | null | undefined
  /** Go before those of a call; a name that the call has is the call's. */
  params: ParamsInput | null | undefined
  /** By scheme or `scheme://host`; go before those of the environment. */
  proxies: ProxiesInput | null | undefined
  /** `false` switches verification off for every call that does not say otherwise. */
  verify: Default<'verify'>
  cert: Default<'cert'>
  /** Run before those of a call. */
  hooks: HooksInput | null | undefined
  timeout: Default<'timeout'>
  retries: Default<'retries'>
  /** Not set: redirects are followed. */
  allowRedirects: Default<'allowRedirects'>
  /** Not set: 30. */
  maxRedirects: Default<'maxRedirects'>
  /** Not set: true. Proxies, authorities and netrc come from the environment. */
  trustEnv: boolean | undefined
  /** Not set: false. Bodies are read when they are asked for. */
  stream: Default<'stream'>
  decompress: Default<'decompress'>
  compress: Default<'compress'>
  bufferUpload: Default<'bufferUpload'>
  /** Not set: false. A 4xx or 5xx answer rejects the call. */
  raiseForStatus: Default<'raiseForStatus'>
  maxBytes: Default<'maxBytes'>
  credentials: Default<'credentials'>
  init: Default<'init'>
  /** Header names that never leave the origin, besides the well-known ones. */
  secretHeaders: readonly string[] | undefined
  allowAbsoluteUrls: boolean | undefined
  /** Not set: true. See `response.degraded`. */
  strict: boolean | undefined
  /** Settled at the first call, when the connections are made. */
  pool: PoolSettings | null | undefined
  http2: boolean | undefined

  /** Own properties only: a polluted `Object.prototype` sets no default. */
  constructor(input: SessionInput) {
    this.auth = own(input, 'auth')
    this.params = own(input, 'params')
    this.proxies = own(input, 'proxies')
    this.verify = own(input, 'verify')
    this.cert = own(input, 'cert')
    this.hooks = own(input, 'hooks')
    this.timeout = own(input, 'timeout')
    this.retries = own(input, 'retries')
    this.allowRedirects = own(input, 'allowRedirects')
    this.maxRedirects = own(input, 'maxRedirects')
    this.trustEnv = own(input, 'trustEnv')
    this.stream = own(input, 'stream')
    this.decompress = own(input, 'decompress')
    this.compress = own(input, 'compress')
    this.bufferUpload = own(input, 'bufferUpload')
    this.raiseForStatus = own(input, 'raiseForStatus')
    this.maxBytes = own(input, 'maxBytes')
    this.credentials = own(input, 'credentials')
    this.init = own(input, 'init')
    this.secretHeaders = own(input, 'secretHeaders')
    this.allowAbsoluteUrls = own(input, 'allowAbsoluteUrls')
    this.strict = own(input, 'strict')
    this.pool = own(input, 'pool')
    this.http2 = own(input, 'http2')
    hideMembers<SessionDefaults>(this, ['auth', 'params', 'proxies', 'cert', 'init'])
  }
}
