/**
 * The one place where a call is compared with what its transport can do (layer 4). What was asked
 * for and cannot be had is an `UnsupportedError`, never a silent change.
 */
import { findHeader } from './header-list.ts'
import { isForbiddenHeader } from './forbidden-headers.ts'
import type {
  BodySource,
  Capabilities,
  HeaderPairs,
  CallPlatform,
  ProxyTarget,
  Transport,
} from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { Auth, CookiesInput, CookieStore } from './types.ts'
import { unsupported } from './unsupported.ts'

interface CheckedRequest {
  readonly method: string
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly cookies: CookiesInput | null
  readonly auth: Auth | null
  readonly proxy: ProxyTarget | null
}

interface CheckedCall {
  readonly settings: SendSettings
  readonly platform: CallPlatform
  readonly jar: CookieStore
}

const NOTHING: readonly string[] = []

/** The names of options that will have no effect, with `strict: false`. @throws UnsupportedError */
export function checkCapabilities(
  request: CheckedRequest,
  { settings, platform, jar }: CheckedCall,
  transport: Transport,
): readonly string[] {
  const can = transport.capabilities
  const gaps = new Gaps(settings.strict, platform.runtime)
  if (!can.manualRedirect) checkRedirects(request, settings, gaps)
  if (!can.customCA || !can.tlsVerifyOff || !can.clientCertificate) checkTls(settings, can, gaps)
  if (!can.proxy) checkProxies(settings, gaps)
  if (!settings.decompress && !can.rawBody) {
    gaps.found('decompress: false', 'The runtime decodes bodies by itself.')
  }
  if (!can.cookies) checkCookies(request.cookies, jar, gaps)
  checkUpload(request, settings, can, gaps)
  checkMethod(request, can, gaps)
  checkHeaders(request.headers, can, gaps)
  checkProxyAuthorization(request, gaps)
  return gaps.degraded
}

/** Collects what cannot be had; throws at once unless the session is lenient. */
class Gaps {
  degraded: readonly string[] = NOTHING
  readonly #strict: boolean
  readonly #runtime: string

  constructor(strict: boolean, runtime: string) {
    this.#strict = strict
    this.#runtime = runtime
  }

  /** May degrade with `strict: false`. */
  found(what: string, advice: string): void {
    if (this.#strict) throw unsupported(what, this.#runtime, advice)
    this.degraded = [...this.degraded, what]
  }

  /** Security and meaning do not degrade. */
  never(what: string, advice: string): never {
    throw unsupported(what, this.#runtime, advice)
  }
}

function checkRedirects({ body }: CheckedRequest, settings: SendSettings, gaps: Gaps): void {
  const advice = 'The browser follows by itself and shows only the last response.'
  if (!settings.allowRedirects) gaps.never('allowRedirects: false', advice)
  if (settings.explicit.has('maxRedirects')) gaps.never('maxRedirects', advice)
  if (settings.hooks.redirect.length > 0) gaps.never('A redirect hook', advice)
  if (settings.redirectBodies === 'error' && body !== null) {
    gaps.never("redirectBodies: 'error'", advice)
  }
}

function checkTls({ verify, cert, explicit }: SendSettings, can: Capabilities, gaps: Gaps): void {
  if (verify === false && !can.tlsVerifyOff) {
    gaps.never('verify: false', 'Make the certificate trusted by the system instead.')
  }
  if (typeof verify !== 'boolean' && explicit.has('verify') && !can.customCA) {
    gaps.never('verify with own authorities', 'Add them to the system instead.')
  }
  if (cert !== null && !can.clientCertificate) {
    gaps.never('cert', 'A client certificate must be set up outside of the program.')
  }
}

function checkProxies({ proxies, explicit }: SendSettings, gaps: Gaps): void {
  if (explicit.has('proxies') && Object.values(proxies).some((proxy) => proxy !== null)) {
    gaps.never('proxies', 'The proxy is set up outside of the program.')
  }
}

function checkCookies(cookies: CookiesInput | null, jar: CookieStore, gaps: Gaps): void {
  const advice =
    "The browser's own jar is sent: see the option credentials, and session.cookies for what script may see of it."
  if (cookies !== null) gaps.found('The option cookies', advice)
  if (jar.isNative !== true && jar.size > 0) gaps.found('A CookieJar of a session', advice)
}

function checkUpload(
  { body, headers }: CheckedRequest,
  { compress }: SendSettings,
  can: Capabilities,
  gaps: Gaps,
): void {
  if (body === null) return
  if (compress !== null && !can.compressUpload) {
    gaps.never(`compress: '${compress}'`, 'Compress the body first and set Content-Encoding.')
  }
  if (!can.expectContinue && findHeader(headers, 'expect') !== null) {
    gaps.never('Expect: 100-continue', 'Send the request without it.')
  }
}

function checkMethod({ method, body }: CheckedRequest, can: Capabilities, gaps: Gaps): void {
  if (body !== null && !can.bodyOnGet && (method === 'GET' || method === 'HEAD')) {
    gaps.never(`A ${method} request with a body`, 'Use POST.')
  }
  if (!can.anyMethod && !/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)) {
    gaps.never(`The method ${method}`, 'Use a method of RFC 9110.')
  }
}

function checkHeaders(headers: HeaderPairs, can: Capabilities, gaps: Gaps): void {
  if (!can.hostHeader && findHeader(headers, 'host') !== null) {
    gaps.found('A Host header', 'It follows from the URL.')
  }
  if (!can.anyHeader) {
    const forbidden = headers.find(([name]) => isForbiddenHeader(name))
    if (forbidden !== undefined) {
      gaps.found(`The header ${forbidden[0]}`, 'The browser sets it by itself.')
    }
  }
  if (!can.latin1Headers && headers.some(([, value]) => /[\x80-\xff]/.test(value))) {
    gaps.never('A header value beyond ASCII', 'Encode it (RFC 8187).')
  }
}

/** It is for an HTTP proxy, and nobody else is told; `ProxyAuth` knows where there may be none. */
function checkProxyAuthorization({ headers, auth, proxy }: CheckedRequest, gaps: Gaps): void {
  if (proxy !== null && !proxy.url.protocol.startsWith('socks')) return
  if (auth !== null && typeof auth !== 'function' && auth.forProxy === true) return
  if (findHeader(headers, 'proxy-authorization') === null) return
  gaps.found(
    'The header Proxy-Authorization without an HTTP proxy',
    'It would be sent to nobody: use ProxyAuth, which is silent where there is no proxy.',
  )
}
