/**
 * Step 3 of 6: three plain loops, redirects around authentication around retries. Each calls only
 * the next one, and the innermost calls only `exchange`.
 */
import { isFlow } from './auth/from-input.ts'
import { CallDeadline } from './deadline.ts'
import { InvalidURLError, TooManyRedirectsError, UnrewindableBodyError } from './errors.ts'
import type { RetryAttempt } from './errors.ts'
import { aboutHop, exchange, proxyFor, startCall } from './exchange.ts'
import type { Call, Hop, SendContext } from './exchange.ts'
import { findHeader, Headers, joinHeader } from './headers.ts'
import { allows, runHooks } from './hooks.ts'
import { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import {
  allowsRetries,
  isExhausted,
  isUsedUp,
  nextDelay,
  repeatsNothing,
  spend,
  startRetries,
} from './retry.ts'
import type { RetryState } from './retry.ts'
import { exhaustedError, usedUpError } from './retry-errors.ts'
import type { SendSettings } from './settings.ts'
import { isRedirection } from './status.ts'
import type { Auth, AuthFlow, AuthRequest, AuthResponse } from './types.ts'
import { originOf, redactURL } from './url.ts'

/** @throws RequestError, or the reason of the caller's signal */
export async function send(prepared: PreparedRequest, context: SendContext): Promise<Response> {
  const { settings, platform } = context
  const { hooks } = settings
  let hop: Hop
  if (hooks.request.length > 0) hop = (await runHooks(hooks.request, prepared.copy())).snapshot()
  else hop = context.unseen ? prepared.handOver() : prepared.snapshot()
  const deadline = new CallDeadline(settings.timeout, settings.signal, platform.clock)
  context.track(deadline)
  try {
    if (deadline.failed) throw deadline.reason
    const call = startCall(context, deadline, originOf(hop.url))
    const budget: Budget = { call, retries: startRetries(settings.retries) }
    let response = await authenticate(hop, budget)
    if (isRedirection(response.status)) response = await followRedirects(hop, response, budget)
    deadline.finish()
    if (hooks.response.length > 0) response = await runHooks(hooks.response, response)
    if (!settings.stream && !response.bufferAtHand()) await response.buffer()
    return settings.raiseForStatus ? response.raiseForStatus() : response
  } catch (error) {
    deadline.end()
    throw error
  }
}

/** The outer loop, from the first answer on. */
async function followRedirects(first: Hop, answer: Response, budget: Budget): Promise<Response> {
  const history: Response[] = []
  let response = answer
  for (let hop = first; ;) {
    const next = isRedirection(response.status) ? await decideHop(hop, response, budget.call) : null
    if (next === null) return response
    await response.discard()
    history.push(response)
    hop = next
    response = await authenticate(hop, budget)
    response.history = [...history]
  }
}

/** The next hop, or null where the call ends here; an answer that ends it in an error is closed. */
async function decideHop(hop: Hop, response: Response, call: Call): Promise<Hop | null> {
  const { allowRedirects, maxRedirects } = call.settings
  try {
    const next = nextHop(hop, response, call)
    if (next === null) return null
    if (!allowRedirects || !(await mayFollow(response, next, call))) {
      // Whoever sends it names a new URL: what was for the first one's origin stays behind.
      const cookies = sameOrigin(next.url, call.origin) ? next.cookies : null
      response.next = new PreparedRequest({
        ...next,
        cookies,
        secretHeaders: call.settings.secretHeaders,
      })
      return null
    }
    if (response.history.length >= maxRedirects) throw tooMany(hop, response, maxRedirects)
    mustReplay(next, `a redirect with status ${String(response.status)}`)
    return next
  } catch (error) {
    // A Location that leads nowhere is no concern of those who do not follow.
    if (!allowRedirects && isInvalidURL(error)) return null
    await response.close()
    throw error
  }
}

function isInvalidURL(error: unknown): boolean {
  return error instanceof InvalidURLError
}

function sameOrigin(url: URL, origin: string): boolean {
  return originOf(url) === origin
}

/** The middle loop: a flow may answer up to five challenges of one hop. */
function authenticate(hop: Hop, budget: Budget): Promise<Response> {
  return hop.auth === null ? retry(hop, budget) : authorize(hop, hop.auth, budget)
}

async function authorize(hop: Hop, auth: Auth, budget: Budget): Promise<Response> {
  const headers = new Headers(hop.headers)
  const request = authRequest(hop, headers, budget.call)
  if (!isFlow(auth)) {
    await (typeof auth === 'function' ? auth(request) : auth.apply(request))
    return retry({ ...hop, headers: headers.pairs() }, budget)
  }
  return answerChallenges(hop, auth.flow(request), { headers, budget })
}

const MAX_CHALLENGES = 5

async function answerChallenges(
  hop: Hop,
  flow: ReturnType<AuthFlow['flow']>,
  state: { readonly headers: Headers; readonly budget: Budget },
): Promise<Response> {
  try {
    let step = await flow.next()
    for (let challenges = 0; ; challenges++) {
      const response = await retry({ ...hop, headers: state.headers.pairs() }, state.budget)
      if (step.done === true || challenges >= MAX_CHALLENGES) return response
      step = await flow.next(authResponse(response))
      if (step.done === true) return response
      mustReplay(hop, 'an authentication challenge')
      await response.discard()
    }
  } finally {
    await flow.return()
  }
}

/** What is left to spend, over all hops and challenges of the call. */
interface Budget {
  readonly call: Call
  retries: RetryState
}

/** The inner loop; without one where nothing can be repeated. */
function retry(hop: Hop, budget: Budget): Promise<Response> {
  const { call } = budget
  return repeatsNothing(call.settings.retries) ? exchange(hop, call) : repeat(hop, budget)
}

async function repeat(hop: Hop, budget: Budget): Promise<Response> {
  const { call } = budget
  const history: RetryAttempt[] = []
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(hop, call)
    const facts = retryFacts(hop, outcome)
    history.push(facts)
    const delay = call.deadline.failed ? null : nextDelay(budget.retries, facts)
    if (delay === null && isExhausted(budget.retries, facts)) {
      outcome.response?.close().catch(() => undefined)
      throw exhaustedError(aboutHop(hop), history, outcome.response ?? undefined)
    }
    if (delay === null && isUsedUp(budget.retries, facts)) {
      throw usedUpError(aboutHop(hop), outcome.error)
    }
    if (delay === null) return settle(outcome)
    const may = await allows(call.settings.hooks.retry, { attempt, delay, ...outcome })
    if (!may) return settle(outcome)
    await outcome.response?.discard()
    budget.retries = spend(budget.retries, facts)
    if (delay > 0) await call.deadline.sleep(delay, hop)
  }
}

function retryFacts(hop: Hop, { error, response }: Outcome): Parameters<typeof nextDelay>[1] {
  return {
    method: hop.method,
    idempotencyKey: findHeader(hop.headers, 'idempotency-key') !== null,
    replayable: hop.body?.replayable ?? true,
    error,
    status: response?.status ?? null,
    retryAfter: response?.headers.get('retry-after') ?? null,
  }
}

interface Outcome {
  readonly response: Response | null
  readonly error: unknown
}

async function attemptOnce(hop: Hop, call: Call): Promise<Outcome> {
  try {
    const response = await exchange(hop, call)
    // A body that is cut off is a failure of this attempt, wherever it can still be repeated.
    if (isRead(response, call.settings)) await response.buffer()
    return { response, error: null }
  } catch (error) {
    return { response: null, error }
  }
}

function isRead(response: Response, settings: SendSettings): boolean {
  if (settings.stream || !allowsRetries(settings.retries)) return false
  return !(settings.allowRedirects && response.isRedirect)
}

function settle(outcome: Outcome): Response {
  if (outcome.response === null) throw outcome.error
  return outcome.response
}

/** What a redirect leads to, with everything that must not go along left behind. */
function nextHop(hop: Hop, response: Response, call: Call): Hop | null {
  // A mock that is mounted in a browser brings along what the platform has no need of.
  const rules = call.platform.redirects ?? call.transportFor(hop.url).redirects
  if (rules === undefined) return null
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

function mustReplay(hop: Hop, why: string): void {
  if (hop.body === null || hop.body.replayable) return
  throw new UnrewindableBodyError(
    `${hop.method} ${aboutHop(hop).url}: ${why} asks for the body once more, but a stream can be sent once. Pass a function that returns the stream, bytes, or file().`,
    { request: aboutHop(hop) },
  )
}

function authRequest(hop: Hop, headers: Headers, call: Call): AuthRequest {
  return {
    method: hop.method,
    url: hop.url,
    body: hop.body,
    proxy: proxyFor(hop.url, call)?.url ?? null,
    header: (name) => headers.get(name),
    setHeader(name, value): void {
      headers.set(name, value)
    },
  }
}

function authResponse(response: Response): AuthResponse {
  const pairs = response.headers.pairs()
  return {
    status: response.status,
    header: (name) => joinHeader(pairs, name.toLowerCase()),
    headerValues: (name) =>
      pairs.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value),
    text: async () => (await response.buffer()).text(),
  }
}
