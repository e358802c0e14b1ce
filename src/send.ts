/**
 * Step 3 of 6: plain loops, redirects around authentication around retries. Each calls only the
 * next one, and the innermost calls only `exchange`. Here is what every call goes through; the rest
 * is in `send-redirect`, `send-challenges` and `send-retries`, and loaded when it is wanted.
 */
import { isFlow } from './auth/from-input.ts'
import { CallDeadline } from './deadline.ts'
import { proxyFor, startCall } from './exchange.ts'
import type { Call, Hop, SendContext } from './exchange.ts'
import { Headers } from './headers.ts'
import { runHooks } from './hooks.ts'
import type { RedirectRules } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import type * as Prepared from './prepared-request.ts'
import type { Response } from './response.ts'
import { attempt, openRetries } from './send-attempt.ts'
import type * as Challenges from './send-challenges.ts'
import type * as Redirect from './send-redirect.ts'
import type { Repetition } from './send-retries.ts'
import type { SendSettings } from './settings.ts'
import type { Auth, AuthRequest } from './types.ts'
import { originOf } from './url.ts'

/** @throws RequestError, or the reason of the caller's signal */
export async function send(first: PreparedInit, context: SendContext): Promise<Response> {
  const { settings, platform } = context
  const { hooks } = settings
  const hop = hooks.request.length === 0 ? first : await changeRequest(first, hooks.request)
  const deadline = new CallDeadline(settings.timeout, settings.signal, platform.clock)
  context.track(deadline)
  try {
    if (deadline.failed) throw deadline.reason
    const call = startCall(context, deadline, originOf(hop.url))
    const retries = settings.retries ? await openRetries(call) : null
    let response = await authenticate(hop, call, retries)
    if (isRedirection(response.status)) {
      response = await followRedirects(hop, response, call, retries)
    }
    deadline.finish()
    if (hooks.response.length > 0) response = await runHooks(hooks.response, response)
    const reading = settings.stream ? null : response.bufferAtHand()
    if (reading !== null) await reading
    return settings.raiseForStatus ? response.raiseForStatus() : response
  } catch (error) {
    deadline.end()
    throw error
  }
}

let prepared: typeof Prepared | null = null

async function changeRequest(
  first: PreparedInit,
  hooks: SendSettings['hooks']['request'],
): Promise<PreparedInit> {
  prepared ??= await import('./prepared-request.ts')
  return (await runHooks(hooks, new prepared.PreparedRequest(first))).snapshot()
}

/** The outer loop, from the first answer on. */
async function followRedirects(
  first: Hop,
  answer: Response,
  call: Call,
  retries: Repetition | null,
): Promise<Response> {
  const history: Response[] = []
  let response = answer
  for (let hop = first; ;) {
    const deciding = isRedirection(response.status) ? nextHop(hop, response, call) : null
    const next = deciding instanceof Promise ? await deciding : deciding
    if (next === null) return response
    if (!response.discardAtHand()) await response.discard()
    history.push(response)
    hop = next
    response = await authenticate(hop, call, retries)
    response.history = [...history]
  }
}

let redirect: typeof Redirect | null = null

/** Null where the call ends here. */
function nextHop(hop: Hop, response: Response, call: Call): Hop | null | Promise<Hop | null> {
  // A mock that is mounted in a browser brings along what the platform has no need of.
  const rules = call.platform.redirects ?? call.transportFor(hop.url).redirects
  if (rules === undefined) return null
  if (redirect === null) return nextHopLater(hop, response, call, rules)
  return redirect.decideHop(hop, response, call, rules)
}

async function nextHopLater(
  hop: Hop,
  response: Response,
  call: Call,
  rules: RedirectRules,
): Promise<Hop | null> {
  redirect ??= await import('./send-redirect.ts')
  return redirect.decideHop(hop, response, call, rules)
}

let challenges: typeof Challenges | null = null

function authenticate(hop: Hop, call: Call, retries: Repetition | null): Promise<Response> {
  return hop.auth === null ? attempt(hop, call, retries) : authorize(hop, hop.auth, call, retries)
}

async function authorize(
  hop: Hop,
  auth: Auth,
  call: Call,
  retries: Repetition | null,
): Promise<Response> {
  const headers = new Headers(hop.headers)
  const request = authRequest(hop, headers, call)
  if (isFlow(auth)) {
    challenges ??= await import('./send-challenges.ts')
    return challenges.answerChallenges(hop, auth.flow(request), { headers, call, retries })
  }
  await (typeof auth === 'function' ? auth(request) : auth.apply(request))
  return attempt({ ...hop, headers: headers.pairs() }, call, retries)
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

function isRedirection(status: number): boolean {
  return status > 299 && status < 400
}
