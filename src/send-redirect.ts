/**
 * What follows on a redirect (part of step 3). Loaded with the first one: browsers follow by
 * themselves and never come here.
 */
import { InvalidURLError, RequestError, TooManyRedirectsError } from './errors.ts'
import { aboutHop, proxyFor } from './exchange.ts'
import type { Call, Hop } from './exchange.ts'
import { allows } from './hooks.ts'
import type { RedirectRules } from './ports.ts'
import { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import { mustReplay } from './send-replay.ts'
import { withinCall } from './send-wait.ts'
import { originOf } from './url.ts'
import { redactURL } from './shown-url.ts'

/** The next hop, or null where the call ends here; an answer that ends it in an error is closed. */
export function decideHop(
  hop: Hop,
  response: Response,
  call: Call,
  rules: RedirectRules,
): Hop | null | Promise<Hop | null> {
  const next = followingHop(hop, response, call, rules)
  if (next === null) return null
  if (!call.settings.allowRedirects) return endBefore(next, response, call)
  return call.settings.hooks.redirect.length === 0
    ? checked(hop, next, response, call)
    : askHooks(hop, next, response, call)
}

async function askHooks(hop: Hop, next: Hop, response: Response, call: Call): Promise<Hop | null> {
  try {
    if (!(await withinCall(mayFollow(response, next, call), call.deadline)))
      return endBefore(next, response, call)
  } catch (error) {
    await response.close()
    throw error
  }
  return checked(hop, next, response, call)
}

function followingHop(hop: Hop, response: Response, call: Call, rules: RedirectRules): Hop | null {
  try {
    return nextHop(hop, response, call, rules)
  } catch (error) {
    // A Location that leads nowhere is no concern of those who do not follow.
    if (!call.settings.allowRedirects && isInvalidURL(error)) return null
    void response.close()
    throw error
  }
}

/** It is not followed: whoever sends it names a new URL, and what was for the first one's origin
 *  stays behind. */
function endBefore(next: Hop, response: Response, call: Call): null {
  const cookies = sameOrigin(next.url, call.origin) ? next.cookies : null
  const { secretHeaders } = call.settings
  response.next = new PreparedRequest({ ...next, cookies, secretHeaders })
  return null
}

/** @throws TooManyRedirectsError, RequestError, UnrewindableBodyError */
function checked(hop: Hop, next: Hop, response: Response, call: Call): Hop {
  const { maxRedirects, redirectBodies } = call.settings
  try {
    if (response.history.length >= maxRedirects) throw tooMany(hop, response, maxRedirects)
    if (redirectBodies === 'error') mustStayHome(hop, next)
    mustReplay(next, `a redirect with status ${String(response.status)}`)
    return next
  } catch (error) {
    void response.close()
    throw error
  }
}

function isInvalidURL(error: unknown): boolean {
  return error instanceof InvalidURLError
}

function sameOrigin(url: URL, origin: string): boolean {
  return originOf(url) === origin
}

/** What a redirect leads to, with everything that must not go along left behind. */
function nextHop(hop: Hop, response: Response, call: Call, rules: RedirectRules): Hop | null {
  const url = rules.target(response.status, response.headers.get('location'), hop.url)
  if (url === null) return null
  const method = rules.method(response.status, hop.method)
  // 303 is a GET for another resource, also for a GET that had a body (RFC 9110 §15.4.4).
  const bodyDropped = method !== hop.method || response.status === 303
  const headers = rules.headers({
    headers: hop.headers,
    from: hop.url,
    to: url,
    bodyDropped,
    secretHeaders: call.settings.secretHeaders,
  })
  return {
    method,
    url,
    headers,
    body: bodyDropped ? null : hop.body,
    auth: goesAlong(hop, url, call) ? hop.auth : null,
    cookies: hop.cookies,
  }
}

/** Auth belongs to one origin; that for a proxy to the proxy, whichever origin is behind it. */
function goesAlong(hop: Hop, to: URL, call: Call): boolean {
  if (hop.auth === null || typeof hop.auth === 'function' || hop.auth.forProxy !== true) {
    return sameOrigin(to, originOf(hop.url))
  }
  const before = proxyFor(hop.url, call)
  return before !== null && before.url.href === proxyFor(to, call)?.url.href
}

function mayFollow(response: Response, next: Hop, call: Call): Promise<boolean> {
  const event = { response, from: response.url, to: next.url.href, method: next.method }
  return allows(call.settings.hooks.redirect, event)
}

/** @throws RequestError for a body that would go to another origin */
function mustStayHome(hop: Hop, next: Hop): void {
  if (next.body === null || sameOrigin(next.url, originOf(hop.url))) return
  throw new RequestError(
    `${hop.method} ${aboutHop(hop).url}: the answer redirects the body to ${originOf(next.url)}, which redirectBodies: 'error' forbids. Send it there yourself if that is right.`,
    { code: 'REDIRECT_BODY', request: aboutHop(hop) },
  )
}

function tooMany(hop: Hop, response: Response, limit: number): TooManyRedirectsError {
  const urls = response.history.map(({ url }) => url)
  const at = urls.lastIndexOf(response.url)
  const advice =
    at === -1
      ? 'Raise maxRedirects, or look at error.response.history.'
      : `They go round in a loop of ${String(urls.length - at)}: a missing cookie is a common reason.`
  return new TooManyRedirectsError(
    `More than ${String(limit)} redirects; the last answer came from ${redactURL(new URL(response.url))}. ${advice}`,
    { response, request: aboutHop(hop), ...(at === -1 ? {} : { code: 'REDIRECT_LOOP' }) },
  )
}
