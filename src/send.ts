/**
 * Step 3 of 6: plain loops, redirects around authentication around retries. Each calls only the
 * next one, and the innermost calls only `exchange`. Here is what every call goes through; the rest
 * is in `send-hooks`, `send-redirect`, `send-challenges` and `send-retries`, and loaded when it is
 * wanted.
 */
import { isFlow } from './auth/from-input.ts'
import { CallDeadline } from './deadline.ts'
import { proxyFor, startCall } from './exchange.ts'
import type { Call, Hop, SendContext } from './exchange.ts'
import { Headers } from './headers.ts'
import type { RedirectRules } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import type { Response } from './response.ts'
import { attempt, openRetries } from './send-attempt.ts'
import type * as Challenges from './send-challenges.ts'
import type * as Hooks from './send-hooks.ts'
import type * as Redirect from './send-redirect.ts'
import type { Repetition } from './send-retries.ts'
import type { Auth, AuthRequest } from './types.ts'
import { originOf } from './url.ts'

/** @throws RequestError, or the reason of the caller's signal */
export async function send(first: PreparedInit, context: SendContext): Promise<Response> {
  const { settings, platform } = context
  const { hooks: asked, stream } = settings
  const changes = asked.request.length + asked.response.length > 0 ? await loadHooks() : null
  const hop = changes === null ? first : await changes.changeRequest(first, settings)
  const deadline = new CallDeadline(settings.timeout, settings.signal, platform.clock)
  context.track(deadline)
  let response: Response
  try {
    if (deadline.failed) throw deadline.reason
    const call = startCall(context, deadline, originOf(hop.url))
    const retries = settings.retries ? await openRetries(call) : null
    response = await authenticate(hop, call, retries)
    if (isRedirection(response.status)) {
      response = await followRedirects(hop, response, call, retries)
    }
    deadline.finish()
  } catch (error) {
    // An answer that nobody will be given gives its connection back.
    deadline.fail(error)
    throw error
  }
  if (changes !== null) response = await changes.changeAnswer(response, settings)
  const reading = stream ? null : response.bufferAtHand()
  if (reading !== null) await reading
  return settings.raiseForStatus ? response.raiseForStatus() : response
}

let hooks: typeof Hooks | null = null

async function loadHooks(): Promise<typeof Hooks> {
  hooks ??= await import('./send-hooks.ts')
  return hooks
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
