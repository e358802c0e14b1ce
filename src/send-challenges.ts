/**
 * The middle loop of step 3: a flow may answer up to five challenges of one hop. Loaded with the
 * first auth that wants to see answers.
 */
import type { Hop } from './exchange.ts'
import { joinHeader } from './headers.ts'
import type { Headers } from './headers.ts'
import type { Response } from './response.ts'
import { attempt } from './send-attempt.ts'
import type { Budget } from './send-attempt.ts'
import { mustReplay } from './send-replay.ts'
import type { AuthFlow, AuthResponse } from './types.ts'

const MAX_CHALLENGES = 5

export async function answerChallenges(
  hop: Hop,
  flow: ReturnType<AuthFlow['flow']>,
  state: { readonly headers: Headers; readonly budget: Budget },
): Promise<Response> {
  try {
    let step = await flow.next()
    for (let challenges = 0; ; challenges++) {
      const response = await attempt({ ...hop, headers: state.headers.pairs() }, state.budget)
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
