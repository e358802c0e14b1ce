/** The inner loop of step 3. Loaded with the first call that asks for retries. */
import type { RetryAttempt } from './errors.ts'
import { aboutHop, exchange } from './exchange.ts'
import type { Call, Hop } from './exchange.ts'
import { findHeader } from './header-list.ts'
import { allows } from './hooks.ts'
import type { Response } from './response.ts'
import { retryFrom } from './retry.ts'
import type { Retry } from './retry.ts'
import { exhaustedError, usedUpError } from './retry-errors.ts'
import {
  allowsRetries,
  isExhausted,
  isUsedUp,
  nextDelay,
  spend,
  startRetries,
} from './retry-rules.ts'
import type { RetryState } from './retry-rules.ts'
import { withinCall } from './send-wait.ts'

export type Again = () => Promise<Hop>

/** One budget, over all hops and challenges of the call. */
export class Repetition {
  readonly #call: Call
  readonly #retry: Retry
  #state: RetryState

  /** @throws TypeError, RangeError */
  constructor(call: Call, asked: number | Retry) {
    this.#call = call
    this.#retry = retryFrom(asked)
    this.#state = startRetries(this.#retry)
  }

  /** @param again what is sent for the second time, where that is not the same. */
  async send(first: Hop, again: Again | null): Promise<Response> {
    const call = this.#call
    const history: RetryAttempt[] = []
    let hop = first
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(hop)
      const facts = retryFacts(hop, outcome)
      history.push(facts)
      const delay = call.deadline.failed ? null : nextDelay(this.#state, facts)
      if (delay === null) return this.#settle(hop, outcome, history)
      const asking = allows(call.settings.hooks.retry, { attempt, delay, ...outcome })
      if (!(await withinCall(asking, call.deadline))) return resultOf(outcome)
      await outcome.response?.discard()
      this.#state = spend(this.#state, facts)
      if (delay > 0) await call.deadline.sleep(delay, hop)
      if (again !== null) hop = await again()
    }
  }

  async #attempt(hop: Hop): Promise<Outcome> {
    try {
      const response = await exchange(hop, this.#call)
      // A body that is cut off is a failure of this attempt, wherever it can still be repeated.
      if (this.#isRead(response)) await response.buffer()
      return { response, error: null }
    } catch (error) {
      return { response: null, error }
    }
  }

  #isRead(response: Response): boolean {
    const { settings } = this.#call
    if (settings.stream || !allowsRetries(this.#retry)) return false
    return !(settings.allowRedirects && response.isRedirect)
  }

  /** @throws RetryError, UnrewindableBodyError, or what the attempt failed with */
  #settle(hop: Hop, outcome: Outcome, history: readonly RetryAttempt[]): Response {
    const facts = retryFacts(hop, outcome)
    if (isExhausted(this.#state, facts)) {
      outcome.response?.close().catch(() => undefined)
      throw exhaustedError(aboutHop(hop), history, outcome.response ?? undefined)
    }
    if (isUsedUp(this.#state, facts)) throw usedUpError(aboutHop(hop), outcome.error)
    return resultOf(outcome)
  }
}

interface Outcome {
  readonly response: Response | null
  readonly error: unknown
}

function resultOf(outcome: Outcome): Response {
  if (outcome.response === null) throw outcome.error
  return outcome.response
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
