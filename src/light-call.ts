/**
 * A call that asks for nothing but an answer, where the engine keeps cookies, follows redirects and
 * decodes by itself: steps 1 to 4 in one, without what options could ask for. What it does is what
 * `send.ts` and `exchange.ts` would do; a page that makes no other calls loads neither.
 */
import type { HeaderFields, RuntimeName, WireResponse } from './ports.ts'
import { headFrom } from './response-head.ts'
import { KeptBody } from './response-kept.ts'
import { partsFor } from './response-light.ts'
import type { Attempt } from './response-timings.ts'
import { Response } from './response.ts'
import { DEFAULTS } from './settings-defaults.ts'
import type { RequestOptions } from './settings.ts'
import { isNullBodyStatus } from './status.ts'
import type { URLInput } from './types.ts'

/** What such a call needs of a platform. */
export interface LightPlatform {
  readonly runtime: RuntimeName
  /** What relative URLs resolve against. */
  pageUrl(): string | null
  flight(asked: LightRequest): LightFlight
  /** Loads what any other call needs, and makes it. */
  readonly full: FullCall
}
export type FullCall = (method: string, url: URLInput, options: RequestOptions) => Promise<Response>

export interface LightRequest {
  /** Upper case, of those that carry no body. */
  readonly method: string
  /** Of http or https, without user-info. */
  readonly url: URL
}

/** One request within the default limits, which ends by itself when it fails. */
export interface LightFlight extends Attempt {
  /** Resolves at the head of the answer. */
  depart(): Promise<LightAnswer>
  /** All of the body; rejects as that of a `WireBody` does. */
  collect(limit: number): Promise<Uint8Array>
}
export type LightAnswer = Pick<WireResponse, 'status' | 'statusText' | 'url' | 'redirected'> & {
  readonly headers: HeaderFields
}

/** @throws RequestError */
export async function lightCall(platform: LightPlatform, asked: LightRequest): Promise<Response> {
  const flight = platform.flight(asked)
  const answer = await flight.depart()
  const { headers, status } = answer
  const { elapsed } = flight
  const loading = partsFor(headers)
  const bytes = await flight.collect(DEFAULTS.maxBytes)
  const bodiless = asked.method === 'HEAD' || isNullBodyStatus(status)
  const sent = { ...asked, body: null }
  const head = headFrom({ ...answer, httpVersion: null }, sent, {
    headers: [],
    elapsed,
    deadline: flight,
  })
  return new Response(new KeptBody(bytes), head, {
    headers,
    parts: await loading(bytes),
    createJar: null,
    files: undefined,
    runtime: platform.runtime,
    isDecoded: !bodiless && headers.get('content-encoding') !== null,
    degraded: [],
    secretHeaders: [],
  })
}
