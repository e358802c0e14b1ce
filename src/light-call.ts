/**
 * A call that asks for nothing but an answer, where the engine keeps cookies, follows redirects and
 * decodes by itself: steps 1 to 4 in one, without what options could ask for. What it does is what
 * `send.ts` and `exchange.ts` would do; a page that makes no other calls loads neither.
 */
import { AttemptDeadline } from './deadline-attempt.ts'
import type { AttemptOwner } from './deadline-attempt.ts'
import type { Phase } from './deadline-limits.ts'
import { silence } from './deadline-errors.ts'
import { findHeader } from './headers.ts'
import type { Clock, HeaderPairs, RuntimeName, WireRequest, WireResponse } from './ports.ts'
import { headFrom } from './response-head.ts'
import { KeptBody } from './response-kept.ts'
import { partsFor } from './response-light.ts'
import { Response } from './response.ts'
import { DEFAULTS } from './settings-defaults.ts'
import type { RequestOptions } from './settings.ts'
import { isNullBodyStatus } from './status.ts'
import type { URLInput } from './types.ts'

/** What such a call needs of a platform. */
export interface LightPlatform {
  readonly runtime: RuntimeName
  readonly clock: Clock
  /** What relative URLs resolve against. */
  pageUrl(): string | null
  send(request: WireRequest): Promise<WireResponse>
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

/** @throws RequestError */
export async function lightCall(platform: LightPlatform, asked: LightRequest): Promise<Response> {
  const { clock, runtime } = platform
  const deadline = new LightOwner(clock).begin(asked)
  const headers: HeaderPairs = []
  const started = clock.now()
  try {
    const wire = await platform.send(wireRequest(asked, headers, deadline))
    const elapsed = clock.now() - started
    const bodiless = asked.method === 'HEAD' || isNullBodyStatus(wire.status)
    const loading = partsFor(wire.headers)
    const bytes = await wire.body.collect(DEFAULTS.maxBytes)
    const sent = { ...asked, body: null }
    return new Response(new KeptBody(bytes), headFrom(wire, sent, { headers, elapsed, deadline }), {
      headers: wire.headers,
      parts: await loading(bytes),
      createJar: null,
      files: undefined,
      runtime,
      decoded: !bodiless && findHeader(wire.headers, 'content-encoding') !== null,
      degraded: [],
      secretHeaders: [],
    })
  } catch (error) {
    deadline.end()
    throw error
  }
}

function wireRequest(
  { method, url }: LightRequest,
  headers: HeaderPairs,
  deadline: AttemptDeadline,
): WireRequest {
  return {
    method,
    url,
    headers,
    body: null,
    host: null,
    deadline,
    tls: { verify: true, cert: null },
    proxy: null,
    socketPath: null,
    redirect: 'follow',
    credentials: null,
    stream: false,
    raw: false,
    onSent: null,
    init: {},
  }
}

/** What `CallDeadline` is to calls that have a limit in all, a signal or more than one attempt. */
class LightOwner implements AttemptOwner {
  readonly limits = DEFAULTS.timeout
  readonly clock: Clock
  failed = false
  reason: unknown = undefined
  #attempt: AttemptDeadline | null = null

  constructor(clock: Clock) {
    this.clock = clock
  }

  begin(asked: LightRequest): AttemptDeadline {
    this.#attempt = new AttemptDeadline(this, asked)
    return this.#attempt
  }

  tooSlow(phase: Phase, attempt: AttemptDeadline): Error {
    return silence(phase, this.limits, attempt.standing)
  }

  fail(reason: unknown): void {
    this.failed = true
    this.reason = reason
    this.#attempt?.silence()
    this.#attempt?.notify()
  }

  attemptEnded(): void {
    // There is no other attempt.
  }
}
