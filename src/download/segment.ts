/** The one-segment loop: asks for what is missing of a span and appends it, until it is there. */
import type { PartStore } from '../download-port.ts'
import { IncompleteBodyError } from '../errors.ts'
import type { Hasher, Platform } from '../ports.ts'
import { nextDelay, spend, startRetries } from '../retry-rules.ts'
import type { RetryState } from '../retry-rules.ts'
import { Restart, StatusFailure } from './ask.ts'
import type { Answer, Requester } from './ask.ts'
import { crc32 } from './crc32.ts'
import { parseDigestField, sameBytes } from './digest-fields.ts'
import { openHasher } from './hashing.ts'
import type { Integrity } from './integrity.ts'
import type { DownloadPlan } from './options.ts'
import type { Pace } from './pace.ts'
import type { Span, Spans } from './ranges.ts'
import type { Ask } from './range-rules.ts'

/** What all segments of one round share. */
export interface Round {
  readonly plan: DownloadPlan
  readonly platform: Platform
  readonly store: PartStore
  readonly requester: Requester
  readonly integrity: Integrity
  readonly pace: Pace
  readonly spans: Spans
  /** Aborted when the caller stops, or another segment has failed. */
  readonly signal: AbortSignal
  /** What is broken off may be asked for again from where it stopped. */
  readonly resumable: boolean
  ask(span: Span): Ask
  /** An answer that is believed; its body comes next. @throws Restart */
  accept(answer: Answer): Promise<void>
  /** Bytes have been handed to the store. */
  wrote(): void
}

/** An attempt that brought this much is not one of several failures in a row. */
const PROGRESS_BYTES = 65_536

export async function fillSpan(span: Span, round: Round): Promise<void> {
  let budget = startRetries(round.plan.retry)
  while (span.pos < span.end) {
    const before = span.pos
    try {
      await fetchOnce(span, round)
    } catch (error) {
      if (span.pos - before >= PROGRESS_BYTES) budget = startRetries(round.plan.retry)
      budget = await repeat(error, budget, round)
    }
  }
}

/** Asks for the last byte: whether what is complete is still what the server has. */
export async function confirm(total: number, round: Round): Promise<void> {
  let budget = startRetries(round.plan.retry)
  for (;;) {
    try {
      await round.pace.ready(round.signal)
      const ask = { ...round.ask(lastByte(total)), end: total }
      const answer = await round.requester.ask(ask, round.signal)
      await answer?.response.discard()
      return
    } catch (error) {
      budget = await repeat(error, budget, round)
    }
  }
}

function lastByte(total: number): Span {
  return { start: total - 1, pos: total - 1, end: total, crc: 0, busy: true, writer: null }
}

async function fetchOnce(span: Span, round: Round): Promise<void> {
  await round.pace.ready(round.signal)
  const answer = await round.requester.ask(round.ask(span), round.signal)
  if (answer === null) {
    round.spans.endAt(span.pos)
    return
  }
  try {
    await round.accept(answer)
    await pour(answer, span, round)
  } catch (error) {
    await answer.response.close()
    throw error
  }
}

/** Waits for the next attempt. @throws the error, when there must be none */
async function repeat(error: unknown, budget: RetryState, round: Round): Promise<RetryState> {
  if (round.signal.aborted) throw round.signal.reason
  const response = error instanceof StatusFailure ? error.response : null
  const outcome = {
    method: 'GET',
    idempotencyKey: false,
    replayable: true,
    error: response === null ? error : null,
    status: response?.status ?? null,
    retryAfter: response?.headers.get('retry-after') ?? null,
  }
  const delay = nextDelay(budget, outcome)
  if (delay === null) throw error instanceof StatusFailure ? error.toError() : error
  if (!round.resumable && round.spans.received > 0) {
    throw new Restart('the body broke off, and the server gives no way to go on from there', true)
  }
  await round.pace.sleep(delay, round.signal)
  return spend(budget, outcome)
}

async function pour(answer: Answer, span: Span, round: Round): Promise<void> {
  const { response, end } = answer
  const content = await contentCheck(answer, round)
  span.writer ??= round.store.writer(span.pos)
  const { isOwned } = response
  const reader = response.reader()
  let at = span.pos
  for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
    at += chunk.length
    if (at > end) throw new Restart('the body is longer than the answer said', false)
    content?.update(chunk)
    for (const piece of round.pace.pieces(chunk)) {
      const wait = round.pace.take(piece.length, round.signal)
      if (wait !== null) await wait
      if (round.signal.aborted) throw round.signal.reason
      const written = append({ bytes: piece, isOwned }, span, round)
      if (written !== null) await written
      round.wrote()
    }
    // Another connection fetches the rest of what this one had asked for.
    if (span.pos >= span.end && span.end < end) {
      await response.close()
      return
    }
  }
  if (end === Infinity) round.spans.endAt(span.pos)
  else if (at < end) {
    throw new IncompleteBodyError(
      `The body ended ${String(end - at)} bytes before its announced end.`,
      { response },
    )
  }
  await content?.verify()
}

interface Piece {
  readonly bytes: Uint8Array
  readonly isOwned: boolean
}

/** What has been counted has been handed over: a record that is taken now may claim it. */
function append(piece: Piece, span: Span, round: Round): Promise<void> | null {
  const room = Math.max(0, span.end - span.pos)
  const bytes = piece.bytes.length > room ? piece.bytes.subarray(0, room) : piece.bytes
  if (bytes.length === 0) return null
  const sum = round.store.crc32 ?? crc32
  // Both before the writer has them: from then on the bytes are its own.
  const crc = round.store.durable ? sum(bytes, span.crc) : 0
  round.integrity.feed(span.pos, bytes)
  const written = span.writer?.write(bytes, piece.isOwned) ?? null
  span.crc = crc
  span.pos += bytes.length
  return written
}

interface ContentCheck {
  update(bytes: Uint8Array): void
  verify(): Promise<void>
}

/** `Content-Digest` (RFC 9530 §2) is about this one body, a part or the whole. */
async function contentCheck(answer: Answer, round: Round): Promise<ContentCheck | null> {
  const { headers } = answer.response
  const field = headers.get('content-digest')
  if (field === null || round.plan.digest === 'ignore' || headers.has('content-encoding'))
    return null
  const checks: { readonly hasher: Hasher; readonly value: Uint8Array }[] = []
  for (const { algorithm, value } of parseDigestField(field) ?? []) {
    const hasher = await openHasher(round.platform, algorithm)
    if (hasher !== null) checks.push({ hasher, value })
  }
  return {
    update(bytes): void {
      for (const { hasher } of checks) hasher.update(bytes)
    },
    async verify(): Promise<void> {
      for (const { hasher, value } of checks) {
        if (sameBytes(await hasher.digest(), value)) continue
        throw new Restart('a body did not match its Content-Digest', true)
      }
    },
  }
}
