/** One request for a range, judged: what comes back may be believed, or it is an error. */
import { RequestError } from '../errors.ts'
import { headerEntries } from '../headers.ts'
import type { Response } from '../response.ts'
import type { Session } from '../session.ts'
import type { URLInput } from '../types.ts'
import { redactURL } from '../shown-url.ts'
import type { DownloadPlan } from './options.ts'
import { judge, rangeFields } from './range-rules.ts'
import type { Ask, Resource, Verdict } from './range-rules.ts'

/** The download has to begin at 0 again. */
export class Restart extends Error {
  readonly ranges: boolean

  /** @param ranges false: and without asking this server for ranges. */
  constructor(why: string, ranges: boolean) {
    super(why)
    this.ranges = ranges
  }
}

/** An answer that is no part of the resource: it may be repeated, or it is the end. */
export class StatusFailure extends Error {
  readonly response: Response

  constructor(response: Response) {
    super(`status ${String(response.status)}`)
    this.response = response
  }

  /** What the caller sees when it was not repeated. */
  toError(): unknown {
    const { response } = this
    try {
      response.raiseForStatus()
    } catch (error) {
      return error
    }
    return new RequestError(
      `GET ${redactURL(new URL(response.url))} answered ${String(response.status)}, which is no download.`,
      { code: 'UNEXPECTED_STATUS', response },
    )
  }
}

/** An answer whose body may be appended at `ask.start`. */
export interface Answer {
  readonly response: Response
  /** Exclusive; Infinity when the end of the body tells. */
  readonly end: number
  readonly resource: Resource
  /** The body is the whole resource. */
  readonly whole: boolean
}

/** Statuses of a URL that has expired, as storage services answer them. */
const EXPIRED = [400, 401, 403, 404, 410]
/** A new URL that does not work either is the end of it. */
const MOST_REFRESHES = 3

export class Requester {
  readonly #session: Session
  readonly #plan: DownloadPlan
  /** The runtime lets nobody say which coding is wanted, but wants none of a range. */
  readonly codesByRange: boolean
  #url: URLInput
  #refreshing: Promise<void> | null = null
  #refreshes = 0

  constructor(session: Session, url: URLInput, plan: DownloadPlan, codesByRange: boolean) {
    this.#session = session
    this.#url = url
    this.#plan = plan
    this.codesByRange = codesByRange
  }

  /** The head alone: for the name that the server gives, and the URL it is found at. */
  async probe(signal: AbortSignal | null): Promise<Response> {
    const response = await this.#session.request('GET', this.#url, {
      ...this.#plan.request,
      headers: this.#headers({ start: 0, end: 1, resource: null, ranged: true }),
      retries: this.#plan.retry,
      signal,
    })
    await response.discard()
    // An empty resource has no first byte.
    if (response.ok || response.status === 416) return response
    throw new StatusFailure(response).toError()
  }

  /** @throws Restart, StatusFailure, RequestError; null when there is nothing behind `ask.start`. */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer | null> {
    for (;;) {
      const url = this.#url
      const response = await this.#session.request('GET', url, {
        ...this.#plan.request,
        headers: this.#headers(ask),
        signal,
      })
      const verdict = judge(ask, response.status, response.headers)
      if (verdict.kind === 'part' || verdict.kind === 'whole') {
        this.#refreshes = 0
        return accept(response, verdict)
      }
      await response.discard()
      if (verdict.kind === 'complete') return null
      if (verdict.kind === 'restart') throw new Restart(verdict.why, verdict.ranges)
      if (!(await this.#refresh(url, response))) throw new StatusFailure(response)
    }
  }

  /** Whether another URL is to be tried; several segments that fail together ask for one. */
  async #refresh(url: URLInput, response: Response): Promise<boolean> {
    const { refresh } = this.#plan
    if (refresh === null || !EXPIRED.includes(response.status)) return false
    if (url !== this.#url) return true
    if (this.#refreshing === null) {
      if (this.#refreshes++ >= MOST_REFRESHES) return false
      this.#refreshing = (async (): Promise<void> => {
        this.#url = await refresh({ status: response.status, url: response.url })
      })().finally(() => {
        this.#refreshing = null
      })
    }
    await this.#refreshing
    return true
  }

  #headers(ask: Ask): (readonly [string, string | number | null | undefined])[] {
    const given = this.#plan.request.headers ?? []
    const fields: (readonly [string, string | number | null | undefined])[] = [
      ...headerEntries(given),
      ...rangeFields(ask),
    ]
    // Ranges count the bytes of the coded body: only one without coding can be put together.
    if (!this.codesByRange) fields.push(['Accept-Encoding', 'identity'])
    return fields
  }
}

function accept(response: Response, verdict: Verdict & { kind: 'part' | 'whole' }): Answer {
  const { resource } = verdict
  const whole = verdict.kind === 'whole'
  const end = verdict.kind === 'part' ? verdict.end : (resource.total ?? Infinity)
  return { response, end, resource, whole }
}
