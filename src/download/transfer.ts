/** All bytes of one download: rounds that begin at what is there, each with one or more segments. */
import type { PartStore } from '../download-port.ts'
import { RequestError } from '../errors.ts'
import type { Platform } from '../ports.ts'
import { Restart } from './ask.ts'
import type { Answer, Requester } from './ask.ts'
import { Crew } from './crew.ts'
import type { Integrity } from './integrity.ts'
import type { DownloadPlan } from './options.ts'
import type { Pace } from './pace.ts'
import type { DownloadMeter } from './progress.ts'
import { isResumable } from './range-rules.ts'
import type { Ask, Resource } from './range-rules.ts'
import { Spans } from './ranges.ts'
import type { Span } from './ranges.ts'
import { verifyClaims } from './record.ts'
import type { DownloadRecord } from './record.ts'
import { confirm, fillSpan } from './segment.ts'
import type { Round } from './segment.ts'
import type { DownloadState } from './state.ts'
import { newController } from './time-limit.ts'

export interface TransferParts {
  readonly plan: DownloadPlan
  readonly platform: Platform
  readonly store: PartStore
  readonly requester: Requester
  readonly record: DownloadRecord
  readonly integrity: Integrity
  readonly pace: Pace
  readonly meter: DownloadMeter
}

const NOTHING: Resource = { etag: null, lastModified: null, total: null }

export class Transfer {
  readonly restarts: string[] = []
  resumedFrom = 0
  peak = 0
  readonly #parts: TransferParts
  /** The store has room for what is fetched now. */
  #opened = false
  #spans = new Spans(null)
  /** Null until an answer was believed. */
  #resource: Resource | null = null
  /** This server may be asked for ranges. */
  #ranges = true

  constructor(parts: TransferParts) {
    this.#parts = parts
  }

  get total(): number | null {
    return this.#resource?.total ?? null
  }
  get etag(): string | null {
    return this.#resource?.etag ?? null
  }
  get received(): number {
    return this.#spans.received
  }
  /** What is there is of use to a later call. */
  get keepable(): boolean {
    const resource = this.#resource
    return this.#parts.store.durable && this.#ranges && resource !== null && isResumable(resource)
  }

  /** Takes over what an earlier call has left, as far as its bytes are right. */
  async recover(state: DownloadState): Promise<void> {
    const { store, integrity } = this.#parts
    if (!isResumable(state.resource) || state.claims.length === 0) return
    const good = await verifyClaims(store, state.claims, (offset, bytes) => {
      integrity.feed(offset, bytes)
    })
    // What was hashed of bytes that turned out to be wrong is of no use.
    if (good.length < state.claims.length) await integrity.start()
    if (good.length === 0) return
    await store.trim(good.map(([start, end]) => [start, end]))
    this.#resource = state.resource
    this.#spans = new Spans(state.resource.total, good)
    this.resumedFrom = this.#spans.received
    this.#opened = true
  }

  /** Resolves when every byte is in the store. */
  async run(): Promise<void> {
    for (;;) {
      try {
        await this.#round()
        if (!this.#opened) await this.#open(NOTHING)
        this.#parts.meter(this.received, true)
        return
      } catch (error) {
        if (!(error instanceof Restart)) throw error
        await this.#restart(error)
      }
    }
  }

  /** What is there stays, and is recorded. */
  async settle(): Promise<void> {
    const { record } = this.#parts
    const resource = this.#resource ?? NOTHING
    try {
      await record.settle(this.#spans, resource)
    } catch {
      // It is the store that has failed.
      await record.salvage(this.#spans, resource)
    }
  }

  async #restart({ message, ranges }: Restart): Promise<void> {
    const { plan, record, integrity, pace } = this.#parts
    const most = Math.max(2, plan.retry.total ?? 0)
    this.restarts.push(message)
    this.#ranges &&= ranges
    if (this.restarts.length > most) {
      throw new RequestError(
        `The download began anew ${String(most)} times, at last because ${message}.`,
        { code: 'RESTARTED_TOO_OFTEN' },
      )
    }
    await record.idle().catch(() => undefined)
    record.forget()
    await integrity.start()
    this.#resource = null
    this.#opened = false
    this.#spans = new Spans(null)
    this.resumedFrom = 0
    if (this.restarts.length < 2) return
    const never = newController().signal
    const wait = plan.retry.backoffFactor * 2 ** this.restarts.length
    await pace.sleep(Math.min(plan.retry.backoffMax, wait), plan.signal ?? never)
  }

  async #round(): Promise<void> {
    const { plan } = this.#parts
    const controller = newController()
    const stop = (): void => {
      controller.abort(plan.signal?.reason)
    }
    plan.signal?.addEventListener('abort', stop)
    if (plan.signal?.aborted === true) stop()
    const crew = new Crew((error) => controller.abort(error))
    const round = this.#openRound(controller.signal, crew)
    try {
      const total = this.total
      const complete = total !== null && total > 0 && this.#spans.complete
      crew.add(() => (complete ? confirm(total, round) : work(round, false)))
      await crew.done()
      await this.#parts.record.idle()
      await Promise.all(this.#spans.writers.map((writer) => writer.flush()))
    } finally {
      this.peak = Math.max(this.peak, crew.peak)
      plan.signal?.removeEventListener('abort', stop)
    }
    if (this.#resource !== null) this.#resource = { ...this.#resource, total: this.received }
  }

  #openRound(signal: AbortSignal, crew: Crew): Round {
    const { plan, platform, store, requester, integrity, pace, record, meter } = this.#parts
    const isResumableNow = (): boolean =>
      this.#ranges && this.#resource !== null && isResumable(this.#resource)
    const spans = this.#spans
    const round: Round = {
      ...{ plan, platform, store, requester, integrity, pace, spans, signal },
      get resumable(): boolean {
        return isResumableNow()
      },
      ask: (span) => this.#ask(span, crew),
      accept: async (answer) => {
        await this.#accept(answer)
        if (!this.#mayShare(answer)) return
        while (crew.size < plan.segments && crew.size > 0) crew.add(() => work(round, true))
      },
      wrote: () => {
        if (plan.onProgress !== null) meter(spans.received)
        record.tick(spans, this.#resource ?? NOTHING)
      },
    }
    return round
  }

  #ask(span: Span, crew: Crew): Ask {
    const { plan, requester } = this.#parts
    const fresh = this.#spans.received === 0 && span.start === 0 && crew.size <= 1
    if (fresh) this.#resource = null
    const resource = this.#resource
    const end = span.end === resource?.total ? Infinity : span.end
    const wanted = !fresh || plan.segments > 1 || requester.codesByRange
    return { start: span.pos, end, resource, ranged: this.#ranges && wanted }
  }

  async #accept({ response, resource, whole }: Answer): Promise<void> {
    const { integrity } = this.#parts
    const { headers } = response
    const first = this.#resource === null
    if (await integrity.announce(headers.get('repr-digest'), headers.has('content-encoding'))) {
      throw new Restart('the Repr-Digest is another one now', true)
    }
    this.#resource = resource
    if (resource.total !== null) this.#spans.endAt(resource.total)
    if (!first) return
    if (whole && resource.total === null) this.#ranges &&= isResumable(resource)
    await this.#open(resource)
  }

  /** The record first: parts that no record claims would be taken for somebody else's. */
  async #open(resource: Resource): Promise<void> {
    await this.#parts.record.settle(new Spans(null), resource)
    await this.#parts.store.reset()
    this.#opened = true
  }

  /** Whether other connections may fetch beside the one that got this answer. */
  #mayShare({ whole, resource }: Answer): boolean {
    const { store } = this.#parts
    return !whole && store.random && resource.total !== null && isResumable(resource)
  }
}

/** Takes spans, and halves of those of others, until nothing is left worth a request. */
async function work(round: Round, steal: boolean): Promise<void> {
  const { spans } = round
  let span = spans.take(steal)
  while (span !== null) {
    await fillSpan(span, round)
    span = spans.take(steal || round.plan.segments > 1)
  }
}
