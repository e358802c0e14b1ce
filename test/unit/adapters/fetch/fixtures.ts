/** Requests, bodies and a dialect over a scripted `fetch`, for the tests of this folder's sources. */
import type { Dialect, FetchFunction } from '../../../../adapters/fetch/dialect.ts'
import { fetchDialect } from '../../../../adapters/fetch/fetch-dialect.ts'
import { CallDeadline } from '../../../../src/deadline.ts'
import { exactClock } from '../../../../src/deadline-clock.ts'
import type { TimeLimits } from '../../../../src/deadline-limits.ts'
import type { BodyPiece, BodySource, WireRequest } from '../../../../src/ports.ts'

export const noLimits: TimeLimits = {
  connect: null,
  read: null,
  total: null,
  readIsExplicit: false,
}

interface Extras extends Partial<WireRequest> {
  readonly limits?: Partial<TimeLimits>
  readonly abort?: AbortSignal
}

export function wireRequest(method: string, url: string, extras: Extras = {}): WireRequest {
  const { limits, abort, ...given } = extras
  const call = new CallDeadline({ ...noLimits, ...limits }, abort ?? null, exactClock())
  return {
    method,
    url: new URL(url),
    headers: [],
    host: null,
    body: null,
    deadline: call.attempt({ method, url: new URL(url) }),
    tls: { verify: true, cert: null },
    proxy: null,
    socketPath: null,
    redirect: 'manual',
    credentials: null,
    stream: false,
    raw: false,
    onSent: null,
    init: {},
    ...given,
  }
}

/** A dialect whose `fetch` is given; everything else is that of a plain runtime. */
export function dialectOf(fetch: FetchFunction, extras: Partial<Dialect> = {}): Dialect {
  return { ...fetchDialect, ...extras, fetch: () => fetch }
}

/** A body whose closing is recorded. */
export function recordedBody(
  pieces: readonly BodyPiece[],
  length: number | null,
): BodySource & { readonly closed: unknown[] } {
  const closed: unknown[] = []
  return {
    closed,
    replayable: false,
    open: () => ({ length, pieces, close: (reason) => void closed.push(reason) }),
  }
}

export function bytesPiece(text: string): BodyPiece {
  return { kind: 'bytes', bytes: new TextEncoder().encode(text) }
}

export function streamPiece(chunks: AsyncIterator<Uint8Array>, length: number | null): BodyPiece {
  return { kind: 'stream', chunks, length }
}

/** A stream of these chunks; `then` is what comes after them instead of the end. */
export function streamOf(chunks: readonly Uint8Array[], then?: Error): ReadableStream<Uint8Array> {
  const rest = [...chunks]
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = rest.shift()
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (then !== undefined) controller.error(then)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

export async function drain(stream: unknown): Promise<string> {
  if (!(stream instanceof ReadableStream)) throw new TypeError('Not a stream.')
  return new Response(stream).text()
}
