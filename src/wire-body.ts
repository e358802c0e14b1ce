/**
 * From the body of the wire to the body of a response (layer 5): decoding, limits, progress, and
 * who gives the connection back.
 */
import { parseCodings, remainingSteps } from './decode/codings.ts'
import { decodeLater } from './decode/later.ts'
import { limitBody } from './decode/limit.ts'
import { fieldsOf } from './headers.ts'
import type { Deadline, CallPlatform, WireBody, WireResponse } from './ports.ts'
import { progressMeter } from './progress.ts'
import { ResponseBody } from './response-body.ts'
import { countedBody } from './response-progress.ts'
import type { SendSettings } from './settings.ts'

export interface WireAnswer {
  readonly wire: WireResponse
  /** Content-Encoding, or null where there is no body that could have one. */
  readonly coding: string | null
  readonly settings: SendSettings
  readonly platform: CallPlatform
  readonly deadline: Deadline
}

export function wireResponseBody(answer: WireAnswer): ResponseBody {
  const { wire, coding, settings, platform } = answer
  // The default is for what is kept in memory; a limit that was asked for holds everywhere.
  const maxBytes =
    settings.stream && !settings.explicit.has('maxBytes') ? Infinity : settings.maxBytes
  const limited = limitBody(wire.body, maxBytes)
  const decoded =
    coding === null || !settings.decompress ? limited : decodedBody(coding, answer, maxBytes)
  const body = measured(decoded, answer)
  return new ResponseBody({
    decoded: body,
    coded: wire.undone.length === 0 ? limited : null,
    wire: wire.body,
    keepLimit: settings.maxBytes,
    owned: true,
    native: body === wire.body ? (): NativeStream => nativeStream(answer) : null,
    drops: settings.stream ? platform.drops : undefined,
  })
}

function decodedBody(
  coding: string,
  { wire, settings, platform }: WireAnswer,
  maxBytes: number,
): WireBody {
  const { undone } = wire
  const { decoders, runtime } = platform
  const codings = parseCodings(coding)
  if (remainingSteps(codings, undone).length === 0) return limitBody(wire.body, maxBytes)
  const guardRatio = !settings.stream
  return decodeLater(wire.body, { codings, undone, decoders, runtime, maxBytes, guardRatio })
}

function measured(body: WireBody, { wire, coding, settings, platform }: WireAnswer): WireBody {
  const listener = settings.onDownloadProgress
  if (listener === null) return body
  const length = coding === null ? fieldsOf(wire.headers).get('content-length') : null
  const meter = progressMeter(listener, length === null ? null : Number(length), 'decoded', () =>
    platform.clock.now(),
  )
  return countedBody(body, meter)
}

type NativeStream = ReadableStream<Uint8Array> | null

/** The runtime's own stream, for whoever is given the response; none where a limit of time or the
 *  caller's signal has to end it, which that stream knows nothing of. */
function nativeStream({ wire, settings, deadline }: WireAnswer): NativeStream {
  const { timeout, signal } = settings
  if (signal !== null || timeout.total !== null || timeout.readIsExplicit) return null
  const native = wire.body.native ?? null
  if (native !== null) deadline.end()
  return native
}
