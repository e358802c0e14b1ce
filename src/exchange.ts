/**
 * Step 4 of 6: one round trip. Cookies out, transport, cookies in, decoding, response. Calls only
 * `Transport.send`, and follows nothing.
 */
import { Answer } from './answer.ts'
import type { RoundTrip } from './answer.ts'
import type * as CapabilityCheck from './capability-check.ts'
import { mayHaveGaps } from './capability-need.ts'
import type * as CookieHeader from './cookie-header.ts'
import type { CallDeadline } from './deadline.ts'
import { emptyJar } from './empty-jar.ts'
import type { ErrorRequest } from './errors.ts'
import { hasFramingHeader } from './framing-headers.ts'
import { fieldsOf } from './header-list.ts'
import type {
  BodySource,
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
import { ResponseBody } from './response-body.ts'
import { withoutSecretHeaders } from './leave-secrets.ts'
import type { SendSettings } from './settings.ts'
import type { Auth, CookiesInput, CookieStore } from './types.ts'
import { redactURL } from './shown-url.ts'
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

/**
 * Resolves at the head of the answer; the body is unread. Not an async function: each layer of those
 * costs a call 400 bytes. What the transport cannot do is thrown at once.
 */
export function exchange(hop: Hop, call: Call): Promise<Response> {
  const transport = call.transportFor(hop.url)
  const { settings, jar } = call
  const odd = isFramed(hop, settings)
  const gaps = odd || mayHaveGaps(hop, settings, jar, transport.capabilities)
  // Undefined: not wanted. Null: still to be loaded.
  const frames = odd ? wireHeaders : undefined
  const checks = gaps ? capabilityCheck : undefined
  const cookies = mayHaveCookies(hop, call, transport) ? cookieHeader : undefined
  if (frames === null || checks === null || cookies === null) {
    return exchangeLater(hop, call, { odd, gaps, cookies: cookies === null })
  }
  const degraded =
    checks?.checkCapabilities({ ...hop, proxy: proxyFor(hop.url, call) }, call, transport) ??
    NOTHING
  const framed = frames === undefined ? null : frame(frames, hop, call)
  const cookie = cookies === undefined ? null : jarHeader(cookies, hop, call)
  const plain = framed === null ? hop.headers : framed.headers
  const headers = cookie === null ? plain : withCookie(plain, cookie)
  const deadline = call.deadline.attempt(hop)
  const trip = { hop, call, transport, headers, deadline, degraded }
  return transport.send(wireRequest(trip, framed)).then((wire) => answered(trip, wire))
}

/** With the first call that has need of them. */
async function exchangeLater(
  hop: Hop,
  call: Call,
  wanted: Readonly<Record<'odd' | 'gaps' | 'cookies', boolean>>,
): Promise<Response> {
  if (wanted.odd) wireHeaders ??= await import('./wire-headers.ts')
  if (wanted.gaps) capabilityCheck ??= await import('./capability-check.ts')
  if (wanted.cookies) cookieHeader ??= await import('./cookie-header.ts')
  return exchange(hop, call)
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

function frame(rules: typeof WireHeaders, hop: Hop, call: Call): WireHeaders.Framed {
  const { headers, body } = call.settings.compress === null ? hop : rules.compressed(hop)
  return rules.frame(headers, body, proxyFor(hop.url, call) !== null)
}

function mayHaveCookies(hop: Hop, call: Call, { capabilities }: Transport): boolean {
  return capabilities.cookies && (hop.cookies !== null || (usesJar(call) && call.jar.size > 0))
}

function withCookie(headers: HeaderPairs, cookie: string): HeaderPairs {
  if (last.headers !== headers || last.cookie !== cookie) {
    const all = [...headers, ['Cookie', cookie] as const]
    // Lists that are shared are frozen: another one will not come again.
    if (Object.isExtensible(headers)) return all
    last = { headers, cookie, all: Object.freeze(all) }
  }
  return last.all
}

/** Most calls of a session are sent with the fields of the one before: one list for them is known to
 *  those who are given it. */
let last: Record<'headers' | 'all', HeaderPairs> & { cookie: string } = {
  headers: [],
  cookie: '',
  all: [],
}

const NO_TLS: TlsSettings = { verify: true, cert: null }

interface Trip extends RoundTrip {
  readonly hop: Hop
  readonly call: Call
  readonly transport: Transport
}

function wireRequest(trip: Trip, framed: WireHeaders.Framed | null): WireRequest {
  const { hop, call, headers, deadline } = trip
  const { settings } = call
  const { manualRedirect } = trip.transport.capabilities
  const proxy = proxyFor(hop.url, call)
  const encrypted = hop.url.protocol === 'https:' || proxy?.url.protocol === 'https:'
  return {
    method: hop.method,
    url: hop.url,
    headers,
    body: framed === null ? hop.body : framed.body,
    host: framed === null ? null : framed.host,
    closeAfter: framed !== null && framed.closeAfter,
    expectContinue: framed !== null && framed.expectContinue,
    deadline,
    // Otherwise a file of the environment that cannot be read would stop a call without TLS.
    tls: encrypted ? { verify: settings.verify, cert: settings.cert } : NO_TLS,
    proxy,
    socketPath: null,
    redirect: manualRedirect
      ? 'manual'
      : nativeRedirect(framed === null ? hop.headers : framed.headers, settings),
    credentials: settings.credentials,
    stream: settings.stream,
    raw: settings.stream || !settings.decompress,
    onSent:
      settings.onUploadProgress === null ? null : uploadMeter(settings.onUploadProgress, call),
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

function jarHeader(rules: typeof CookieHeader, hop: Hop, call: Call): string | null {
  const { origin, home, jar } = call
  if (!usesJar(call)) return rules.requestCookies(hop, emptyJar(), origin, origin)
  // What is secret about a session with a baseUrl stays at home.
  const unscoped = home === null || home === origin ? origin : NOWHERE
  return rules.requestCookies(hop, jar, origin, unscoped)
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

function uploadMeter(
  listener: NonNullable<SendSettings['onUploadProgress']>,
  call: Call,
): WireRequest['onSent'] {
  let meter: ReturnType<typeof progressMeter> | null = null
  return (transferred, total = null, basis = 'source') => {
    meter ??= progressMeter(listener, total, basis, () => call.platform.clock.now())
    try {
      // A length that was not known is known at the end.
      meter(transferred, transferred === total)
    } catch (error) {
      // The caller's own, which engines would take for a failure of theirs.
      call.deadline.fail(error)
    }
  }
}

function answered(trip: Trip, wire: WireResponse): Response | Promise<Response> {
  const { hop, call, transport } = trip
  const fields = fieldsOf(wire.headers)
  const answer = new Answer(trip, wire, fields)
  const response = new Response(new ResponseBody(answer), answer, answer)
  if (!transport.capabilities.cookies || !usesJar(call)) return response
  const storing = storeCookies(fields.getSetCookie(), hop.url, call.jar)
  return storing === null ? response : after(storing, response)
}

async function after(storing: Promise<void>, response: Response): Promise<Response> {
  await storing
  return response
}

/** Null where all is done: only a cookie that names a Domain may have to wait for its rules. */
function storeCookies(lines: readonly string[], url: URL, jar: CookieStore): Promise<void> | null {
  let at = 0
  for (const line of lines) {
    at += 1
    const stored = jar.setCookie(line, url)
    if (stored !== undefined) return storeRest(stored, lines.slice(at), url, jar)
  }
  return null
}

async function storeRest(
  first: Promise<void>,
  rest: readonly string[],
  url: URL,
  jar: CookieStore,
): Promise<void> {
  await first
  for (const line of rest) await jar.setCookie(line, url)
}
