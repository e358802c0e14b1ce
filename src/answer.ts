/**
 * What came of one round trip (layer 5), as the response and its body ask for it: one object for all
 * of them, since most of what they could ask is never asked. Decoding, limits, progress, and who
 * gives the connection back.
 */
import type { AttemptDeadline } from './deadline-attempt.ts'
import { parseCodings, remainingSteps } from './decode/codings.ts'
import { decodeLater } from './decode/later.ts'
import { limitBody } from './decode/limit.ts'
import type {
  CallPlatform,
  DropWatch,
  FileSystem,
  HeaderFields,
  HeaderPairs,
  RuntimeName,
  WireBody,
  WireResponse,
} from './ports.ts'
import { Sent } from './prepared-sent.ts'
import type { Sending } from './prepared-sent.ts'
import type { SentRequest } from './prepared-request.ts'
import { progressMeter } from './progress.ts'
import type { ResponseFacts, ResponseHead, ResponseParts } from './response.ts'
import type { BodyLayers } from './response-body.ts'
import { responseParts } from './response-parts.ts'
import { countedBody } from './response-progress.ts'
import { ResponseTimings } from './response-timings.ts'
import type { Timings } from './response-timings.ts'
import type { SendSettings } from './settings.ts'
import { withoutFragment } from './shown-url.ts'
import { isNullBodyStatus } from './status.ts'
import type { CookieStore } from './types.ts'

/** What was sent, and how. */
export interface RoundTrip {
  readonly hop: Sending
  /** As they were sent. */
  readonly headers: HeaderPairs
  readonly call: { readonly settings: SendSettings; readonly platform: CallPlatform }
  readonly deadline: AttemptDeadline
  readonly degraded: readonly string[]
}

export class Answer implements ResponseHead, ResponseFacts, BodyLayers {
  readonly headers: HeaderFields
  readonly elapsed: number
  readonly #trip: RoundTrip
  readonly #wire: WireResponse
  /** Content-Encoding, or null where there is no body that could have one. */
  readonly #coding: string | null
  #decoded: WireBody | null = null
  #timings: Timings | null = null

  constructor(trip: RoundTrip, wire: WireResponse, headers: HeaderFields) {
    this.elapsed = trip.deadline.elapsed
    this.headers = headers
    this.#trip = trip
    this.#wire = wire
    const bodiless = trip.hop.method === 'HEAD' || isNullBodyStatus(wire.status)
    this.#coding = bodiless ? null : headers.get('content-encoding')
  }

  get status(): number {
    return this.#wire.status
  }
  get statusText(): string {
    return this.#wire.statusText
  }
  get url(): string {
    return this.#wire.url ?? withoutFragment(this.#trip.hop.url)
  }
  get redirected(): boolean {
    return this.#wire.redirected
  }
  get request(): SentRequest {
    return new Sent(this.#trip.hop, this.#trip.headers)
  }
  get httpVersion(): string | null {
    return this.#wire.httpVersion
  }
  get timings(): Timings {
    this.#timings ??= new ResponseTimings(this.#wire.timings, this.elapsed, this.#trip.deadline)
    return this.#timings
  }

  get parts(): ResponseParts {
    return responseParts
  }
  get createJar(): (() => CookieStore) | null {
    const rules = this.#trip.call.platform.cookies
    return rules === undefined ? null : () => rules.createJar()
  }
  get files(): FileSystem | undefined {
    return this.#trip.call.platform.files
  }
  get runtime(): RuntimeName {
    return this.#trip.call.platform.runtime
  }
  get isDecoded(): boolean {
    return this.#coding !== null && this.#trip.call.settings.decompress
  }
  get degraded(): readonly string[] {
    return this.#trip.degraded
  }
  get secretHeaders(): readonly string[] {
    return this.#trip.call.settings.secretHeaders
  }

  get decoded(): WireBody {
    this.#decoded ??= this.#measured(this.isDecoded ? this.#decode() : this.#limited())
    return this.#decoded
  }
  get whole(): WireBody {
    const { stream, onDownloadProgress } = this.#trip.call.settings
    return stream || onDownloadProgress !== null || this.isDecoded ? this.decoded : this.#wire.body
  }
  get coded(): WireBody | null {
    return this.#wire.undone.length === 0 ? this.#limited() : null
  }
  get wire(): WireBody {
    return this.#wire.body
  }
  get keepLimit(): number {
    return this.#trip.call.settings.maxBytes
  }
  get owned(): boolean {
    return true
  }
  get drops(): DropWatch | undefined {
    return this.#trip.call.settings.stream ? this.#trip.call.platform.drops : undefined
  }

  /** The runtime's own stream, for whoever is given the response; none where something is to be done
   *  to the body, or where a limit of time or the caller's signal has to end it. */
  native(): ReadableStream<Uint8Array> | null {
    const { call, deadline } = this.#trip
    const { timeout, signal } = call.settings
    if (this.decoded !== this.#wire.body) return null
    if (signal !== null || timeout.total !== null || timeout.readIsExplicit) return null
    const native = this.#wire.body.native ?? null
    if (native !== null) deadline.end()
    return native
  }

  /** The default is for what is kept in memory; a limit that was asked for holds everywhere. */
  get #maxBytes(): number {
    const { stream, explicit, maxBytes } = this.#trip.call.settings
    return stream && !explicit.has('maxBytes') ? Infinity : maxBytes
  }

  #limited(): WireBody {
    return limitBody(this.#wire.body, this.#maxBytes)
  }

  #decode(): WireBody {
    const { undone, body } = this.#wire
    const { settings, platform } = this.#trip.call
    const codings = parseCodings(this.#coding ?? '')
    if (remainingSteps(codings, undone).length === 0) return this.#limited()
    const guardRatio = !settings.stream
    const maxBytes = this.#maxBytes
    return decodeLater(body, { codings, undone, platform, maxBytes, guardRatio })
  }

  #measured(body: WireBody): WireBody {
    const listener = this.#trip.call.settings.onDownloadProgress
    return listener === null ? body : this.#counted(body, listener)
  }

  #counted(body: WireBody, listener: NonNullable<SendSettings['onDownloadProgress']>): WireBody {
    const { platform } = this.#trip.call
    const length = this.#coding === null ? this.headers.get('content-length') : null
    const meter = progressMeter(listener, length === null ? null : Number(length), 'decoded', () =>
      platform.clock.now(),
    )
    return countedBody(body, meter)
  }
}
