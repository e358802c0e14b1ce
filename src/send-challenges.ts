/**
 * The middle loop of step 3: auth that has to wait until the request is sent, of which a flow may answer
 * up to five challenges of one hop. Loaded with the first.
 */
import { isFlow } from './auth/from-input.ts'
import { ProxyError } from './errors.ts'
import type { ProxyAnswer } from './errors.ts'
import { proxyFor } from './exchange.ts'
import type { Call, Hop } from './exchange.ts'
import { joinHeader } from './header-list.ts'
import { Headers } from './headers.ts'
import type { HeaderPairs } from './ports.ts'
import type { Response } from './response.ts'
import { attempt } from './send-attempt.ts'
import { mustReplay } from './send-replay.ts'
import type { Repetition } from './send-retries.ts'
import { withinCall } from './send-wait.ts'
import type { Auth, AuthFlow, AuthRequest, AuthResponse } from './types.ts'

const MAX_CHALLENGES = 5

export async function authorize(
  hop: Hop,
  auth: Auth,
  call: Call,
  retries: Repetition | null,
): Promise<Response> {
  const headers = new Headers(hop.headers)
  const request = authRequest(hop, headers, call)
  if (isFlow(auth)) {
    return answerChallenges(hop, auth, { request, headers, call, retries })
  }
  const applied = typeof auth === 'function' ? auth(request) : auth.apply(request)
  await withinCall(applied, call.deadline)
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

interface Challenged {
  readonly request: AuthRequest
  /** What the flow has set. */
  readonly headers: Headers
  readonly call: Call
  readonly retries: Repetition | null
}

async function answerChallenges(hop: Hop, auth: AuthFlow, state: Challenged): Promise<Response> {
  const { deadline } = state.call
  const flow = auth.flow(state.request)
  try {
    let step = await withinCall(flow.next(), deadline)
    for (let challenges = 0; ; challenges++) {
      const outcome = await challenge(hop, auth, state)
      if (step.done === true || challenges >= MAX_CHALLENGES) return resultOf(outcome)
      step = await withinCall(flow.next(outcome.answer), deadline)
      if (step.done === true) return resultOf(outcome)
      mustReplay(hop, 'an authentication challenge')
      await outcome.response?.discard()
    }
  } finally {
    // One that still waits for something would keep the call that has ended.
    await withinCall(flow.return(), deadline)
  }
}

type Outcome = { readonly answer: AuthResponse } & (
  | { readonly response: Response }
  // The proxy refused a tunnel: there is no response of the server.
  | { readonly response: null; readonly refusal: ProxyError }
)

/** What a proxy says instead of opening a tunnel is for those who speak to the proxy alone: none of
 *  its words may pass for those of the server behind it. */
async function challenge(hop: Hop, auth: AuthFlow, state: Challenged): Promise<Outcome> {
  const { request, headers, call, retries } = state
  const asSet = (): Hop => ({ ...hop, headers: headers.pairs() })
  const again = async (): Promise<Hop> => {
    if (auth.again) await withinCall(auth.again(request), call.deadline)
    return asSet()
  }
  try {
    const response = await attempt(asSet(), call, retries, again)
    return { answer: answerOf(response), response }
  } catch (error) {
    if (!(error instanceof ProxyError) || auth.forProxy !== true) throw error
    if (error.answer?.status !== 407) throw error
    return { answer: refusalOf(error.answer), response: null, refusal: error }
  }
}

function resultOf(outcome: Outcome): Response {
  if (outcome.response === null) throw outcome.refusal
  return outcome.response
}

function answerOf(response: Response): AuthResponse {
  const text = async (): Promise<string> => (await response.buffer()).text()
  return { status: response.status, ...fieldsOf(response.headers.pairs()), text }
}

function refusalOf({ status, headers }: ProxyAnswer): AuthResponse {
  return { status, ...fieldsOf(headers), text: () => Promise.resolve('') }
}

function fieldsOf(pairs: HeaderPairs): Pick<AuthResponse, 'header' | 'headerValues'> {
  return {
    header: (name) => joinHeader(pairs, name.toLowerCase()),
    headerValues: (name) =>
      pairs.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value),
  }
}
