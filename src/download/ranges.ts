/** What is there of a file and what is still to be fetched: spans that grow, and may be split. */
import type { PartWriter } from '../download-port.ts'

/** The bytes from `start` to `pos` are there, those up to `end` are this span's to fetch. */
export interface Span {
  readonly start: number
  pos: number
  /** Exclusive; Infinity while nobody knows. */
  end: number
  /** CRC-32 of the bytes that are there. */
  crc: number
  busy: boolean
  writer: PartWriter | null
}
export type Claim = readonly [start: number, end: number, crc: number]

/** Less than twice this is not worth another connection. */
const SPLIT_BYTES = 1024 * 1024

export class Spans {
  #spans: Span[]

  constructor(total: number | null, claims: readonly Claim[] = []) {
    this.#spans = spansFrom(total ?? Infinity, claims)
  }

  get received(): number {
    return this.#spans.reduce((sum, { start, pos }) => sum + pos - start, 0)
  }
  get complete(): boolean {
    return this.#spans.every(({ pos, end }) => pos >= end)
  }
  get writers(): readonly PartWriter[] {
    return this.#spans.flatMap(({ writer }) => (writer === null ? [] : [writer]))
  }

  claims(): Claim[] {
    return this.#spans
      .filter(({ start, pos }) => pos > start)
      .map(({ start, pos, crc }) => [start, pos, crc])
  }

  /** What was really written, however much was handed over: for a store that has failed. */
  written(): (readonly [start: number, end: number])[] {
    return this.#spans
      .map(({ start, pos, writer }) => [start, Math.min(pos, writer?.written ?? pos)] as const)
      .filter(([start, end]) => end > start)
  }

  /** A span to fetch, which is busy from now on; with `steal` also half of one that is. */
  take(steal: boolean): Span | null {
    const free = this.#spans.find(({ busy, pos, end }) => !busy && pos < end)
    const span = free ?? (steal ? this.#split() : null)
    if (span !== null) span.busy = true
    return span
  }

  /** The total has become known, by the head of an answer or by the end of its body. */
  endAt(total: number): void {
    const last = this.#spans.at(-1)
    if (last !== undefined) last.end = total
  }

  /** The second half of what is left of the span with most left. */
  #split(): Span | null {
    let largest: Span | null = null
    for (const span of this.#spans) {
      if (span.end !== Infinity && left(span) > (largest === null ? 0 : left(largest)))
        largest = span
    }
    if (largest === null || left(largest) < 2 * SPLIT_BYTES) return null
    const { pos, end } = largest
    const middle = pos + Math.ceil((end - pos) / 2)
    const half = newSpan(middle, end)
    largest.end = middle
    this.#spans.splice(this.#spans.indexOf(largest) + 1, 0, half)
    return half
  }
}

/** Each claim grows into the gap behind it. */
function spansFrom(total: number, claims: readonly Claim[]): Span[] {
  const spans = claims.map(([start, pos, crc]) => ({ ...newSpan(start, total), pos, crc }))
  if (spans[0]?.start !== 0) spans.unshift(newSpan(0, total))
  for (const [at, span] of spans.entries()) span.end = spans[at + 1]?.start ?? total
  return spans
}

function newSpan(start: number, end: number): Span {
  return { start, pos: start, end, crc: 0, busy: false, writer: null }
}

function left({ pos, end }: Span): number {
  return end - pos
}
