/** One hop, as often as its retries allow (part of step 3): most calls allow none. */
import { exchange } from './exchange.ts'
import type { Call, Hop } from './exchange.ts'
import type { Response } from './response.ts'
import type * as Retries from './send-retries.ts'

/** What a call can spend, over all its hops and challenges. */
export interface Budget {
  readonly call: Call
  /** Null where nothing is ever repeated. */
  readonly retries: Retries.Repetition | null
}

let retries: typeof Retries | null = null

/** Loads what repeats, before anything is sent: a broken connection is no time for that. */
export async function openBudget(call: Call): Promise<Budget> {
  const { retries: asked } = call.settings
  retries ??= await import('./send-retries.ts')
  return { call, retries: new retries.Repetition(call, asked ?? 0) }
}

export function attempt(hop: Hop, { call, retries: repetition }: Budget): Promise<Response> {
  return repetition === null ? exchange(hop, call) : repetition.send(hop)
}
