/**
 * What a session says for all of its calls (layer 5): one member for each default, under the names
 * of a call's options. `undefined` is "not said", so that the environment and our own defaults have
 * their say; the one merge in `settings.ts` reads these members as they are at each call.
 */
import { checkNames } from './known-names.ts'
import { own } from './own.ts'
import type { PoolSettings } from './ports.ts'
import type { HooksInput, SendOptions, SessionInput, SessionSays } from './settings.ts'
import type { AuthInput, ParamsInput, ProxiesInput } from './types.ts'

type Default<Name extends keyof SendOptions> = SendOptions[Name]

export class SessionDefaults {
  // Private, so that no log shows them: Bun prints even what is not enumerable.
  #auth: AuthInput | null | undefined
  #params: ParamsInput | null | undefined
  #proxies: ProxiesInput | null | undefined
  #cert: Default<'cert'>
  #init: Default<'init'>
  /** `false` switches verification off for every call that does not say otherwise. */
  verify: Default<'verify'>
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
  /** Not set: `engine`. */
  redirectSecrets: Default<'redirectSecrets'>
  /** Not set: `follow`. */
  redirectBodies: Default<'redirectBodies'>
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
    checkNames('Session option', input, this)
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
    this.redirectSecrets = own(input, 'redirectSecrets')
    this.redirectBodies = own(input, 'redirectBodies')
    this.init = own(input, 'init')
    this.secretHeaders = own(input, 'secretHeaders')
    this.allowAbsoluteUrls = own(input, 'allowAbsoluteUrls')
    this.strict = own(input, 'strict')
    this.pool = own(input, 'pool')
    this.http2 = own(input, 'http2')
  }

  /** Sent to every URL that a call names, never across a redirect to another origin. */
  get auth(): AuthInput | null | undefined {
    return this.#auth
  }
  set auth(value: AuthInput | null | undefined) {
    this.#auth = value
  }
  /** Go before those of a call; a name that the call has is the call's. */
  get params(): ParamsInput | null | undefined {
    return this.#params
  }
  set params(value: ParamsInput | null | undefined) {
    this.#params = value
  }
  /** By scheme or `scheme://host`; go before those of the environment. */
  get proxies(): ProxiesInput | null | undefined {
    return this.#proxies
  }
  set proxies(value: ProxiesInput | null | undefined) {
    this.#proxies = value
  }
  get cert(): Default<'cert'> {
    return this.#cert
  }
  set cert(value: Default<'cert'>) {
    this.#cert = value
  }
  /** Hints for the native fetch, under those of a call. */
  get init(): Default<'init'> {
    return this.#init
  }
  set init(value: Default<'init'>) {
    this.#init = value
  }

  /** What the one merge takes: own properties, the private ones among them. By name, since engines
   *  keep what has so many members and was not written as one in a table. */
  protected says(): SessionSays {
    return {
      proxies: this.proxies,
      verify: this.verify,
      cert: this.cert,
      hooks: this.hooks,
      timeout: this.timeout,
      retries: this.retries,
      allowRedirects: this.allowRedirects,
      maxRedirects: this.maxRedirects,
      trustEnv: this.trustEnv,
      stream: this.stream,
      decompress: this.decompress,
      compress: this.compress,
      bufferUpload: this.bufferUpload,
      raiseForStatus: this.raiseForStatus,
      maxBytes: this.maxBytes,
      credentials: this.credentials,
      redirectSecrets: this.redirectSecrets,
      redirectBodies: this.redirectBodies,
      init: this.init,
      secretHeaders: this.secretHeaders,
      allowAbsoluteUrls: this.allowAbsoluteUrls,
      strict: this.strict,
      pool: this.pool,
      http2: this.http2,
    }
  }
}
