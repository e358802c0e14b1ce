/**
 * The one place where a call is compared with what its transport can do (layer 4). What was asked
 * for and cannot be had is an `UnsupportedError`, never a silent change.
 */
import { findHeader } from './headers.ts'
import { isForbiddenHeader } from './forbidden-headers.ts'
import type { BodySource, Capabilities, HeaderPairs, Platform, Transport } from './ports.ts'
import type { SendSettings } from './settings.ts'
import type { CookiesInput } from './types.ts'
import { unsupported } from './unsupported.ts'

interface CheckedRequest {
  readonly method: string
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly cookies: CookiesInput | null
}

interface Finding {
  readonly what: string
  readonly advice: string
  /** Security options throw even with `strict: false`. */
  readonly always: boolean
}

/** The names of options that will have no effect, with `strict: false`. @throws UnsupportedError */
export function checkCapabilities(
  request: CheckedRequest,
  settings: SendSettings,
  transport: Transport,
  platform: Platform,
): readonly string[] {
  const can = transport.capabilities
  const degraded: string[] = []
  for (const finding of [...settingFindings(settings, can), ...requestFindings(request, can)]) {
    if (finding.always || settings.strict)
      throw unsupported(finding.what, platform.runtime, finding.advice)
    degraded.push(finding.what)
  }
  return degraded
}

function* settingFindings(settings: SendSettings, can: Capabilities): Generator<Finding> {
  const { explicit, verify } = settings
  if (!can.manualRedirect) {
    const follow = 'The browser follows by itself and shows only the last response.'
    if (!settings.allowRedirects)
      yield { what: 'allowRedirects: false', advice: follow, always: true }
    if (explicit.has('maxRedirects')) yield { what: 'maxRedirects', advice: follow, always: true }
    if (settings.hooks.redirect.length > 0)
      yield { what: 'A redirect hook', advice: follow, always: true }
  }
  if (verify === false && !can.tlsVerifyOff) {
    yield {
      what: 'verify: false',
      advice: 'Make the certificate trusted by the system instead.',
      always: true,
    }
  }
  if (typeof verify !== 'boolean' && explicit.has('verify') && !can.customCA) {
    yield {
      what: 'verify with own authorities',
      advice: 'Add them to the system instead.',
      always: true,
    }
  }
  if (settings.cert !== null && !can.clientCertificate) {
    yield {
      what: 'cert',
      advice: 'A client certificate must be set up outside of the program.',
      always: true,
    }
  }
  if (
    !can.proxy &&
    explicit.has('proxies') &&
    Object.values(settings.proxies).some((proxy) => proxy !== null)
  ) {
    yield { what: 'proxies', advice: 'The proxy is set up outside of the program.', always: true }
  }
  if (!settings.decompress && !can.rawBody) {
    yield {
      what: 'decompress: false',
      advice: 'The runtime decodes bodies by itself.',
      always: false,
    }
  }
}

function* requestFindings(request: CheckedRequest, can: Capabilities): Generator<Finding> {
  const { method, headers, body } = request
  if (request.cookies !== null && !can.cookies) {
    yield {
      what: 'cookies of one call',
      advice: "The browser's own jar is sent: see the option credentials.",
      always: false,
    }
  }
  if (body !== null && (method === 'GET' || method === 'HEAD') && !can.bodyOnGet) {
    yield { what: `A ${method} request with a body`, advice: 'Use POST.', always: true }
  }
  if (!can.anyMethod && !/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)) {
    yield { what: `The method ${method}`, advice: 'Use a method of RFC 9110.', always: true }
  }
  if (!can.hostHeader && findHeader(headers, 'host') !== null) {
    yield { what: 'A Host header', advice: 'It follows from the URL.', always: false }
  }
  if (!can.anyHeader) {
    const forbidden = headers.find(([name]) => isForbiddenHeader(name))
    if (forbidden !== undefined) {
      yield {
        what: `The header ${forbidden[0]}`,
        advice: 'The browser sets it by itself.',
        always: false,
      }
    }
  }
  if (!can.latin1Headers && headers.some(([, value]) => /[\x80-\xff]/.test(value))) {
    yield { what: 'A header value beyond ASCII', advice: 'Encode it (RFC 8187).', always: true }
  }
}
