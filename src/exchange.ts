/**
 * Step 4 of 6: one round trip. Cookies out, transport, cookies in, decoding, response. Calls only
 * `Transport.send`, and follows nothing.
 */
import type * as CapabilityCheck from './capability-check.ts'
import { mayHaveGaps } from './capability-need.ts'
import type * as CookieHeader from './cookie-header.ts'
import type { CallDeadline } from './deadline.ts'
import type { AttemptDeadline } from './deadline-attempt.ts'
import { emptyJar } from './empty-jar.ts'
import type { ErrorRequest } from './errors.ts'
import { hasFramingHeader } from './framing-headers.ts'
import { fieldsOf } from './headers.ts'
import type {
  BodySource,
  HeaderFields,
  HeaderPairs,
  CallPlatform,
  ProxyTarget,
  TlsSettings,
  Transport,
  WireRequest,
  WireResponse,
} from './ports.ts'
import { progressMeter } from './progress.ts'
import { Response } from './response.ts'
import { headFrom } from './response-head.ts'
import { responseParts } from './response-parts.ts'
import { withoutSecretHeaders } from './leave-secrets.ts'
import type { SendSettings } from './settings.ts'
import { isNullBodyStatus } from './status.ts'
import type { Auth, CookiesInput, CookieStore } from './types.ts'
import { redactURL } from './shown-url.ts'
import { wireResponseBody } from './wire-body.ts'
import type * as WireHeaders from './wire-headers.ts'

/** What step 3 knows of one call; it never holds a Session. */
export interface SendContext {
  readonly platform: CallPlatform
  readonly jar: CookieStore
  readonly settings: SendSettings
  /** The origin that the session's unscoped cookies belong to, where it has one (`baseUrl`). */
  readonly home: string | null
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
  const { platform, jar, settings, home, transportFor, track } = context
  return { platform, jar, settings, home, transportFor, track, deadline, origin }
}

/** Resolves at the head of the answer; the body is unread. */
export async function exchange(hop: Hop, call: Call): Promise<Response> {
  const transport = call.transportFor(hop.url)
  const { settings, jar } = call
  const odd = isFramed(hop, settings)
  const degraded =
    odd || mayHaveGaps(hop, settings, jar, transport.capabilities)
      ? (capabilityCheck ??= await import('./capability-check.ts')).checkCapabilities(
          { ...hop, proxy: proxyFor(hop.url, call) },
          call,
          transport,
        )
      : NOTHING
  const framed = odd
    ? frame((wireHeaders ??= await import('./wire-headers.ts')), hop, call)
    : unframed(hop)
  const cookie = mayHaveCookies(hop, call, transport)
    ? (cookieHeader ??= await import('./cookie-header.ts')).requestCookies(hop, cookieContext(call))
    : null
  const deadline = call.deadline.attempt(hop)
  const headers = cookie === null ? framed.headers : withCookie(framed.headers, cookie)
  const request = wireRequest(hop, call, transport, { framed, headers, deadline })
  const wire = await transport.send(request)
  const { elapsed } = deadline
  const fields = fieldsOf(wire.headers)
  if (transport.capabilities.cookies && usesJar(call)) {
    const lines = fields.getSetCookie()
    if (lines.length > 0) await storeCookies(lines, hop.url, jar)
  }
  return buildResponse(hop, wire, { call, fields, elapsed, degraded, headers, deadline })
}

/** For messages and errors: method and URL without secrets. */
export function aboutHop(hop: Hop): ErrorRequest {
  return { method: hop.method, url: redactURL(hop.url) }
}

const NOTHING: readonly string[] = []

// Each is loaded with the first request that has need of it, and kept.
let capabilityCheck: typeof CapabilityCheck | null = null
let wireHeaders: typeof WireHeaders | null = null
let cookieHeader: typeof CookieHeader | null = null

function isFramed(hop: Hop, { compress }: SendSettings): boolean {
  return (compress !== null && hop.body !== null) || hasFramingHeader(hop.headers)
}

function unframed({ headers, body }: Hop): WireHeaders.Framed {
  return { headers, body, host: null, closeAfter: false, expectContinue: false }
}

function frame(rules: typeof WireHeaders, hop: Hop, call: Call): WireHeaders.Framed {
  const { headers, body } = call.settings.compress === null ? hop : rules.compressed(hop)
  return rules.frame(headers, body, proxyFor(hop.url, call) !== null)
}

function mayHaveCookies(hop: Hop, call: Call, { capabilities }: Transport): boolean {
  return capabilities.cookies && (hop.cookies !== null || (usesJar(call) && call.jar.size > 0))
}

function withCookie(headers: HeaderPairs, cookie: string): HeaderPairs {
  return [...headers, ['Cookie', cookie]]
}

const NO_TLS: TlsSettings = { verify: true, cert: null }

interface Outgoing {
  readonly framed: WireHeaders.Framed
  /** With its cookies. */
  readonly headers: HeaderPairs
  readonly deadline: AttemptDeadline
}

function wireRequest(
  hop: Hop,
  call: Call,
  { capabilities }: Transport,
  { framed, headers, deadline }: Outgoing,
): WireRequest {
  const { settings } = call
  const proxy = proxyFor(hop.url, call)
  const encrypted = hop.url.protocol === 'https:' || proxy?.url.protocol === 'https:'
  return {
    method: hop.method,
    url: hop.url,
    headers,
    body: framed.body,
    host: framed.host,
    closeAfter: framed.closeAfter,
    expectContinue: framed.expectContinue,
    deadline,
    // Otherwise a file of the environment that cannot be read would stop a call without TLS.
    tls: encrypted ? { verify: settings.verify, cert: settings.cert } : NO_TLS,
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

function cookieContext(call: Call): CookieHeader.CookieContext {
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

async function storeCookies(lines: readonly string[], url: URL, jar: CookieStore): Promise<void> {
  for (const line of lines) {
    const stored = jar.setCookie(line, url)
    if (stored !== undefined) await stored
  }
}

interface Answer {
  readonly call: Call
  readonly fields: HeaderFields
  readonly elapsed: number
  readonly degraded: readonly string[]
  /** As they were sent. */
  readonly headers: HeaderPairs
  readonly deadline: AttemptDeadline
}

function buildResponse(hop: Hop, wire: WireResponse, answer: Answer): Response {
  const { platform, settings } = answer.call
  const bodiless = hop.method === 'HEAD' || isNullBodyStatus(wire.status)
  const { fields } = answer
  const coding = bodiless ? null : fields.get('content-encoding')
  const rules = platform.cookies
  return new Response(
    wireResponseBody({ wire, coding, settings, platform, deadline: answer.deadline }),
    headFrom(wire, hop, answer),
    {
      headers: fields,
      parts: responseParts,
      createJar: rules === undefined ? null : () => rules.createJar(),
      files: platform.files,
      runtime: platform.runtime,
      decoded: coding !== null && settings.decompress,
      degraded: answer.degraded,
      secretHeaders: settings.secretHeaders,
    },
  )
}
