/**
 * Step 3 of 6: plain loops, redirects around authentication around retries. Each calls only the
 * next one, and the innermost calls only `exchange`. Here is what every call goes through; the rest
 * is in `send-hooks`, `send-redirect`, `send-challenges` and `send-retries`, and loaded when it is
 * wanted.
 */
import { CallDeadline } from './deadline.ts'
import { startCall } from './exchange.ts'
import type { Call, Hop, SendContext } from './exchange.ts'
import type { RedirectRules } from './ports.ts'
import type { PreparedInit } from './prepared-init.ts'
import type { Response } from './response.ts'
import { attempt, openRetries } from './send-attempt.ts'
import type * as Challenges from './send-challenges.ts'
import type * as Hooks from './send-hooks.ts'
import type * as Redirect from './send-redirect.ts'
import type { Repetition } from './send-retries.ts'
import type { Auth } from './types.ts'
import { originOf } from './url.ts'

/** @throws RequestError, or the reason of the caller's signal */
export async function send(first: PreparedInit, context: SendContext): Promise<Response> {
  const { settings, platform } = context
  const { hooks: asked, stream } = settings
  const deadline = new CallDeadline(settings.timeout, settings.signal, platform.clock)
  context.track(deadline)
  let changes: typeof Hooks | null = null
  let response: Response
  try {
    if (asked.request.length + asked.response.length > 0) changes = await loadHooks()
    const hop =
      changes === null ? first : await changes.changeRequest(first, settings.hooks, deadline)
    if (deadline.failed) throw deadline.reason
    const call = startCall(context, deadline, originOf(hop.url))
    const retries = settings.retries ? await openRetries(call) : null
    response = await authenticate(hop, call, retries)
    if (isRedirection(response.status)) {
      response = await followRedirects(hop, response, call, retries)
    }
  } catch (error) {
    // An answer that nobody will be given gives its connection back.
    deadline.fail(error)
    throw error
  }
  if (changes === null) deadline.finish()
  else response = await changes.changeAnswer(response, settings, deadline)
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
  challenges ??= await import('./send-challenges.ts')
  return challenges.authorize(hop, auth, call, retries)
}

function isRedirection(status: number): boolean {
  return status > 299 && status < 400
}
