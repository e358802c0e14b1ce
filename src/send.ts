/**
 * Step 3 of 6: three plain loops, redirects around authentication around retries. Each calls only
 * the next one, and the innermost calls only `exchange`.
 */
import { isFlow } from './auth/from-input.ts'
import { CallDeadline } from './deadline.ts'
import { RetryError, TooManyRedirectsError, UnrewindableBodyError } from './errors.ts'
import { aboutHop, exchange } from './exchange.ts'
import type { Call, Hop, SendContext } from './exchange.ts'
import { findHeader, Headers, joinHeader } from './headers.ts'
import { allows, runHooks } from './hooks.ts'
import { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import { isExhausted, nextDelay, spend, startRetries } from './retry.ts'
import type { RetryState } from './retry.ts'
import type { AuthFlow, AuthRequest, AuthResponse } from './types.ts'
import { redactURL } from './url.ts'

/** @throws RequestError, or the reason of the caller's signal */
export async function send(prepared: PreparedRequest, context: SendContext): Promise<Response> {
  const { settings, platform } = context
  const { hooks } = settings
  const own = hooks.request.length === 0 ? prepared : await runHooks(hooks.request, prepared.copy())
  const hop: Hop = own.snapshot()
  const deadline = new CallDeadline(settings.timeout, settings.signal, platform.clock)
  context.track(deadline)
  try {
    if (deadline.failed) throw deadline.reason
    const call: Call = { ...context, deadline, origin: hop.url.origin }
    const answer = await followRedirects(hop, call)
    deadline.finish()
    const response = hooks.response.length === 0 ? answer : await runHooks(hooks.response, answer)
    if (!settings.stream) await response.buffer()
    return settings.raiseForStatus ? response.raiseForStatus() : response
  } catch (error) {
    deadline.end()
    throw error
  }
}

/** The outer loop. Where a runtime follows by itself there is one round. */
async function followRedirects(first: Hop, call: Call): Promise<Response> {
  const { settings } = call
  const history: Response[] = []
  const budget: Budget = { call, retries: startRetries(settings.retries) }
  for (let hop = first; ;) {
    const response = await authenticate(hop, budget)
    response.history = [...history]
    const next = nextHop(hop, response, call)
    if (next === null) return response
    if (!settings.allowRedirects || !(await mayFollow(response, next, call))) {
      response.next = new PreparedRequest(next)
      return response
    }
    if (history.length >= settings.maxRedirects) throw tooMany(response, settings.maxRedirects)
    mustReplay(next, `a redirect with status ${String(response.status)}`)
    await response.discard()
    history.push(response)
    hop = next
  }
}

/** The middle loop: a flow may answer up to five challenges of one hop. */
async function authenticate(hop: Hop, budget: Budget): Promise<Response> {
  if (hop.auth === null) return retry(hop, budget)
  const headers = new Headers(hop.headers)
  const request = authRequest(hop, headers)
  if (!isFlow(hop.auth)) {
    await (typeof hop.auth === 'function' ? hop.auth(request) : hop.auth.apply(request))
    return retry({ ...hop, headers: headers.pairs() }, budget)
  }
  return answerChallenges(hop, hop.auth.flow(request), { headers, budget })
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

/** The inner loop. */
async function retry(hop: Hop, budget: Budget): Promise<Response> {
  const { call } = budget
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(hop, call)
    const facts = retryFacts(hop, outcome)
    const delay = call.deadline.failed ? null : nextDelay(budget.retries, facts)
    if (delay === null && isExhausted(budget.retries, facts)) throw exhausted(hop, outcome, attempt)
    if (delay === null) return settle(outcome)
    if (!(await allows(call.settings.hooks.retry, { attempt, delay, ...outcome })))
      return settle(outcome)
    await outcome.response?.discard()
    budget.retries = spend(budget.retries, facts)
    if (delay > 0) await call.deadline.sleep(delay, aboutHop(hop))
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

function exhausted(hop: Hop, { response }: Outcome, attempts: number): RetryError {
  response?.close().catch(() => undefined)
  const { method, url } = aboutHop(hop)
  return new RetryError(
    `${method} ${url} was sent ${String(attempts)} times and answered ${String(response?.status)} each time.`,
    { request: { method, url }, ...(response === null ? {} : { response }) },
  )
}

interface Outcome {
  readonly response: Response | null
  readonly error: unknown
}

async function attemptOnce(hop: Hop, call: Call): Promise<Outcome> {
  try {
    return { response: await exchange(hop, call), error: null }
  } catch (error) {
    return { response: null, error }
  }
}

function settle(outcome: Outcome): Response {
  if (outcome.response === null) throw outcome.error
  return outcome.response
}

/** What a redirect leads to, with everything that must not go along left behind. */
function nextHop(hop: Hop, response: Response, call: Call): Hop | null {
  const rules = call.platform.redirects
  if (rules === undefined) return null
  const url = rules.target(response.status, response.headers.get('location'), hop.url)
  if (url === null) return null
  const method = rules.method(response.status, hop.method)
  const bodyDropped = method !== hop.method
  const headers = rules.headers({
    headers: hop.headers,
    from: hop.url,
    to: url,
    bodyDropped,
    secretHeaders: call.settings.secretHeaders,
  })
  const stays = url.origin === hop.url.origin
  return {
    method,
    url,
    headers,
    body: bodyDropped ? null : hop.body,
    auth: stays ? hop.auth : null,
    cookies: hop.cookies,
  }
}

function mayFollow(response: Response, next: Hop, call: Call): Promise<boolean> {
  const event = { response, from: response.url, to: next.url.href, method: next.method }
  return allows(call.settings.hooks.redirect, event)
}

function tooMany(response: Response, limit: number): TooManyRedirectsError {
  response.close().catch(() => undefined)
  return new TooManyRedirectsError(
    `More than ${String(limit)} redirects; the last answer came from ${redactURL(new URL(response.url))}. Raise maxRedirects, or look at error.response.history.`,
    { response },
  )
}

function mustReplay(hop: Hop, why: string): void {
  if (hop.body === null || hop.body.replayable) return
  throw new UnrewindableBodyError(
    `${hop.method} ${aboutHop(hop).url}: ${why} asks for the body once more, but a stream can be sent once. Pass a function that returns the stream, bytes, or file().`,
    { request: aboutHop(hop) },
  )
}

function authRequest(hop: Hop, headers: Headers): AuthRequest {
  return {
    method: hop.method,
    url: hop.url,
    body: hop.body,
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
  }
}
