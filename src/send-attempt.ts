/** One hop, as often as its retries allow (part of step 3): most calls allow none. */
import { exchange } from './exchange.ts'
import type { Call, Hop } from './exchange.ts'
import type { Response } from './response.ts'
import type * as Retries from './send-retries.ts'

let retries: typeof Retries | null = null

/** Loads what repeats, before anything is sent: a broken connection is no time for that. One budget
 *  for all hops and challenges of a call. */
export async function openRetries(call: Call): Promise<Retries.Repetition> {
  const { retries: asked } = call.settings
  retries ??= await import('./send-retries.ts')
  return new retries.Repetition(call, asked ?? 0)
}

/** @param repetition null where nothing is ever repeated. */
export function attempt(
  hop: Hop,
  call: Call,
  repetition: Retries.Repetition | null,
  again: Retries.Again | null = null,
): Promise<Response> {
  return repetition === null ? exchange(hop, call) : repetition.send(hop, again)
}
