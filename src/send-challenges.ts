/**
 * The middle loop of step 3: a flow may answer up to five challenges of one hop. Loaded with the
 * first auth that wants to see answers.
 */
import { ProxyError } from './errors.ts'
import type { ProxyAnswer } from './errors.ts'
import type { Call, Hop } from './exchange.ts'
import { joinHeader } from './header-list.ts'
import type { Headers } from './headers.ts'
import type { HeaderPairs } from './ports.ts'
import type { Response } from './response.ts'
import { attempt } from './send-attempt.ts'
import { mustReplay } from './send-replay.ts'
import type { Repetition } from './send-retries.ts'
import type { AuthFlow, AuthResponse } from './types.ts'

const MAX_CHALLENGES = 5

interface Challenged {
  /** What the flow has set. */
  readonly headers: Headers
  readonly call: Call
  readonly retries: Repetition | null
}

export async function answerChallenges(
  hop: Hop,
  flow: ReturnType<AuthFlow['flow']>,
  state: Challenged,
): Promise<Response> {
  try {
    let step = await flow.next()
    for (let challenges = 0; ; challenges++) {
      const outcome = await challenge({ ...hop, headers: state.headers.pairs() }, state)
      if (step.done === true || challenges >= MAX_CHALLENGES) return resultOf(outcome)
      step = await flow.next(outcome.answer)
      if (step.done === true) return resultOf(outcome)
      mustReplay(hop, 'an authentication challenge')
      await outcome.response?.discard()
    }
  } finally {
    await flow.return()
  }
}

type Outcome = { readonly answer: AuthResponse } & (
  | { readonly response: Response }
  // The proxy refused a tunnel: there is no response of the server.
  | { readonly response: null; readonly refusal: ProxyError }
)

/** What a proxy says instead of opening a tunnel is for those who speak to the proxy alone: none of
 *  its words may pass for those of the server behind it. */
async function challenge(hop: Hop, { call, retries }: Challenged): Promise<Outcome> {
  try {
    const response = await attempt(hop, call, retries)
    return { answer: answerOf(response), response }
  } catch (error) {
    if (!(error instanceof ProxyError) || error.answer?.status !== 407 || !isForProxy(hop)) {
      throw error
    }
    return { answer: refusalOf(error.answer), response: null, refusal: error }
  }
}

function resultOf(outcome: Outcome): Response {
  if (outcome.response === null) throw outcome.refusal
  return outcome.response
}

function isForProxy({ auth }: Hop): boolean {
  return auth !== null && typeof auth !== 'function' && auth.forProxy === true
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
