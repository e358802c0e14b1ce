/**
 * Step 4 of 6: one round trip. Cookies out, transport, cookies in, decoding, response. Calls only
 * `Transport.send`, and follows nothing.
 */
import { checkCapabilities } from './capability-check.ts'
import { requestCookies } from './cookie-header.ts'
import type { CookieContext } from './cookie-header.ts'
import type { AttemptDeadline, CallDeadline } from './deadline.ts'
import { emptyJar } from './empty-jar.ts'
import type { ErrorRequest } from './errors.ts'
import { Headers, joinHeader } from './headers.ts'
import type {
  BodySource,
  HeaderPairs,
  Platform,
  ProxyTarget,
  Transport,
  WireRequest,
  WireResponse,
} from './ports.ts'
import type { SentRequest } from './prepared-request.ts'
import { progressMeter } from './progress.ts'
import { Response } from './response.ts'
import { ResponseTimings } from './response-timings.ts'
import { withoutSecretHeaders } from './secret-headers.ts'
import type { SendSettings } from './settings.ts'
import { isNullBodyStatus } from './status.ts'
import type { Auth, CookiesInput, CookieStore } from './types.ts'
import { redactURL } from './url.ts'
import { wireResponseBody } from './wire-body.ts'
import { compressed, frame } from './wire-headers.ts'

/** What step 3 knows of one call; it never holds a Session. */
export interface SendContext {
  readonly platform: Platform
  readonly jar: CookieStore
  readonly settings: SendSettings
  /** The origin that the session's unscoped cookies belong to, where it has one (`baseUrl`). */
  readonly home: string | null
  /** Nobody but this call has its prepared request. */
  readonly unseen: boolean
  readonly transportFor: (url: URL) => Transport
  /** Lets the session end calls that are under way. */
  readonly track: (deadline: CallDeadline) => void
}

export interface Call extends SendContext {
  readonly deadline: CallDeadline
  /** Of the URL the caller named: unscoped cookies and credentials go there only. */
  readonly origin: string
}

/** One request on its way: what a redirect, a challenge or a retry changes is a new hop. */
export interface Hop {
  readonly method: string
  readonly url: URL
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly auth: Auth | null
  readonly cookies: CookiesInput | null
}

/** Member by member: a spread costs more than the loops of step 3. */
export function startCall(context: SendContext, deadline: CallDeadline, origin: string): Call {
  const { platform, jar, settings, home, transportFor, track, unseen } = context
  return { platform, jar, settings, home, transportFor, track, unseen, deadline, origin }
}

/** Resolves at the head of the answer; the body is unread. */
export async function exchange(hop: Hop, call: Call): Promise<Response> {
  const transport = call.transportFor(hop.url)
  const degraded = checkCapabilities(hop, call, transport)
  const deadline = call.deadline.attempt(hop)
  const request = wireRequest(hop, call, transport, deadline)
  const started = call.platform.clock.now()
  const wire = await transport.send(request)
  const elapsed = call.platform.clock.now() - started
  if (transport.capabilities.cookies && setsCookie(wire.headers) && usesJar(call)) {
    await storeCookies(wire, hop.url, call.jar)
  }
  const { headers } = request
  return buildResponse(hop, wire, { call, elapsed, degraded, headers, deadline })
}

/** For messages and errors: method and URL without secrets. */
export function aboutHop(hop: Hop): ErrorRequest {
  return { method: hop.method, url: redactURL(hop.url) }
}

function wireRequest(
  hop: Hop,
  call: Call,
  transport: Transport,
  deadline: AttemptDeadline,
): WireRequest {
  const { settings } = call
  const { capabilities } = transport
  const proxy = proxyFor(hop.url, call)
  const coded = settings.compress === null ? hop : compressed(hop)
  const framed = frame(coded.headers, coded.body, proxy !== null)
  const cookie = capabilities.cookies ? requestCookies(hop, cookieContext(call)) : null
  return {
    method: hop.method,
    url: hop.url,
    headers: cookie === null ? framed.headers : [...framed.headers, ['Cookie', cookie]],
    body: framed.body,
    host: framed.host,
    closeAfter: framed.closeAfter,
    expectContinue: framed.expectContinue,
    deadline,
    tls: { verify: settings.verify, cert: settings.cert },
    proxy,
    socketPath: null,
    redirect: capabilities.manualRedirect ? 'manual' : nativeRedirect(framed.headers, settings),
    credentials: settings.credentials,
    stream: settings.stream,
    raw: settings.stream || !settings.decompress,
    onSent: uploadMeter(call),
    bufferUpload: settings.bufferUpload,
    init: settings.init,
  }
}

/** Not even to its own origin: where a redirect leads can be seen only when it has been followed. */
function nativeRedirect(headers: HeaderPairs, settings: SendSettings): 'follow' | 'error' {
  if (settings.redirectSecrets === 'engine') return 'follow'
  const kept = withoutSecretHeaders(headers, settings.secretHeaders)
  return kept.length < headers.length ? 'error' : 'follow'
}

function cookieContext(call: Call): CookieContext {
  const { origin, home } = call
  if (!usesJar(call)) return { jar: emptyJar(), origin, unscoped: origin }
  // What is secret about a session with a baseUrl stays at home.
  return { jar: call.jar, origin, unscoped: home === null || home === origin ? origin : NOWHERE }
}

/** No URL has it. */
const NOWHERE = 'null'

/** Not with Fetch's `omit`, and not where the jar is but a view of a browser's own: what a page sees
 *  of its cookies is not for a mock that is mounted there. */
function usesJar({ settings, platform }: Call): boolean {
  return settings.credentials !== 'omit' && platform.cookies !== undefined
}

/** The proxy that a hop to this URL goes through, or null. */
export function proxyFor(url: URL, call: Call): ProxyTarget | null {
  const { proxies, environmentProxies } = call.settings
  return call.platform.proxies?.resolve(url, proxies, environmentProxies) ?? null
}

function uploadMeter(call: Call): WireRequest['onSent'] {
  const listener = call.settings.onUploadProgress
  if (listener === null) return null
  let meter: ReturnType<typeof progressMeter> | null = null
  return (transferred, total = null, basis = 'source') => {
    meter ??= progressMeter(listener, total, basis, () => call.platform.clock.now())
    // A length that was not known is known at the end.
    meter(transferred, transferred === total)
  }
}

function setsCookie(headers: HeaderPairs): boolean {
  for (const [name] of headers) if (isSetCookie(name)) return true
  return false
}

function isSetCookie(name: string): boolean {
  return name.length === 10 && name.toLowerCase() === 'set-cookie'
}

async function storeCookies(wire: WireResponse, url: URL, jar: CookieStore): Promise<void> {
  for (const [name, value] of wire.headers) {
    if (isSetCookie(name)) {
      const stored = jar.setCookie(value, url)
      if (stored !== undefined) await stored
    }
  }
}

interface Answer {
  readonly call: Call
  readonly elapsed: number
  readonly degraded: readonly string[]
  readonly headers: HeaderPairs
  readonly deadline: AttemptDeadline
}

function buildResponse(hop: Hop, wire: WireResponse, answer: Answer): Response {
  const { platform, settings } = answer.call
  const bodiless = hop.method === 'HEAD' || isNullBodyStatus(wire.status)
  const coding = bodiless ? null : joinHeader(wire.headers, 'content-encoding')
  const rules = platform.cookies
  return new Response(
    null,
    {
      status: wire.status,
      statusText: wire.statusText,
      url: wire.url ?? withoutFragment(hop.url),
      redirected: wire.redirected,
      request: new Sent(hop, answer.headers),
      elapsed: answer.elapsed,
      httpVersion: wire.httpVersion,
      timings: new ResponseTimings(wire.timings, answer.elapsed, answer.deadline),
    },
    {
      headers: wire.headers,
      body: wireResponseBody({ wire, coding, settings, platform, deadline: answer.deadline }),
      createJar: rules === undefined ? null : () => rules.createJar(),
      files: platform.files,
      runtime: platform.runtime,
      decoded: coding !== null && settings.decompress,
      degraded: answer.degraded,
      secretHeaders: settings.secretHeaders,
    },
  )
}

/** Logs see the method alone: the rest is as it was on the wire, secrets and all. */
class Sent implements SentRequest {
  readonly method: string
  readonly #hop: Hop
  readonly #pairs: HeaderPairs
  #headers: Headers | null = null

  constructor(hop: Hop, pairs: HeaderPairs) {
    this.method = hop.method
    this.#hop = hop
    this.#pairs = pairs
  }

  get url(): string {
    return this.#hop.url.href
  }
  get body(): BodySource | null {
    return this.#hop.body
  }
  get headers(): Headers {
    this.#headers ??= Headers.fromWire(this.#pairs)
    return this.#headers
  }
}

/** As `response.url` of Fetch, alike on every runtime. */
function withoutFragment(url: URL): string {
  const { href } = url
  const at = href.indexOf('#')
  return at === -1 ? href : href.slice(0, at)
}
