/**
 * Which partial answers may be believed (RFC 9110 §13.1.5, §14). Pure: a status and headers in, a
 * verdict out. Whatever does not agree with what is there already starts the download anew.
 */
import type { Headers } from '../headers.ts'

/** What tells one version of a resource from another. Both validators null: it cannot be resumed. */
export interface Resource {
  /** A strong entity tag. */
  readonly etag: string | null
  /** A date that is a strong validator, of a resource without any entity tag. */
  readonly lastModified: string | null
  readonly total: number | null
}

export interface Ask {
  readonly start: number
  /** Exclusive; Infinity for "to the end". */
  readonly end: number
  /** What is known from answers before; null for the first. */
  readonly resource: Resource | null
  /** The request has a Range header. */
  readonly ranged: boolean
}

export type Verdict =
  /** The bytes from `ask.start` up to `end`. */
  | { readonly kind: 'part'; readonly end: number; readonly resource: Resource }
  | { readonly kind: 'whole'; readonly resource: Resource }
  /** There is nothing behind `ask.start`. */
  | { readonly kind: 'complete'; readonly total: number }
  /** Begin again at 0; `ranges: false`: and without asking for ranges. */
  | { readonly kind: 'restart'; readonly why: string; readonly ranges: boolean }
  /** A failure, whatever the status says. */
  | { readonly kind: 'failed' }

/** The fields that ask for the bytes from `start` on. */
export function rangeFields(ask: Ask): (readonly [name: string, value: string])[] {
  if (!ask.ranged) return []
  const last = ask.end === Infinity ? '' : String(ask.end - 1)
  const range = ['Range', `bytes=${String(ask.start)}-${last}`] as const
  const validator = ask.resource?.etag ?? ask.resource?.lastModified ?? null
  return validator === null ? [range] : [range, ['If-Range', validator]]
}

export function judge(ask: Ask, status: number, headers: Headers): Verdict {
  if (status === 206) return judgePart(ask, headers)
  if (status === 416) return judgeUnsatisfiable(ask, headers)
  if (status !== 200) return { kind: 'failed' }
  if (ask.start === 0 && ask.resource === null) {
    return { kind: 'whole', resource: resourceOf(headers, wholeLength(headers)) }
  }
  const same = ask.resource !== null && differs(ask.resource, headers) === null
  const why = same
    ? 'the server answered a request for a range with the whole'
    : 'the resource has changed'
  return { kind: 'restart', why, ranges: !same }
}

/** Whether a later call, or another connection, may ask for the rest of this very version. */
export function isResumable({ etag, lastModified }: Resource): boolean {
  return etag !== null || lastModified !== null
}

/** The validators of an answer; a coded body has none that would hold for its decoded bytes. */
export function resourceOf(headers: Headers, total: number | null): Resource {
  if (isCoded(headers)) return { etag: null, lastModified: null, total: null }
  const tag = headers.get('etag')
  const etag = tag !== null && /^"[^"]*"$/.test(tag) ? tag : null
  return { etag, lastModified: tag === null ? strongDate(headers) : null, total }
}

function judgePart(ask: Ask, headers: Headers): Verdict {
  const doubt = (why: string): Verdict => ({ kind: 'restart', why, ranges: false })
  if (!ask.ranged) return doubt('the answer is a part, though no part was asked for')
  if (/^multipart\/byteranges\b/i.test(headers.get('content-type')?.trim() ?? '')) {
    return doubt('the answer is multipart/byteranges, though one range was asked for')
  }
  if (isCoded(headers)) return doubt('the answer is part of a coded body')
  const value = headers.get('content-range')
  if (value === null) {
    return doubt('the answer is a part without a Content-Range, or script may not see it (CORS)')
  }
  const range = parseContentRange(value)
  if (range === null) return doubt('the Content-Range of the answer makes no sense')
  const { start, end, total } = range
  if (start !== ask.start || end > ask.end) return doubt('the answer is another range')
  const length = numberOf(headers.get('content-length'))
  if (length !== null && length !== end - start) {
    return doubt('Content-Length and Content-Range of the answer disagree')
  }
  return judgeVersion(ask, headers, { end, total })
}

/** The range is right; now it has to be of the same version as what is there. */
function judgeVersion(
  ask: Ask,
  headers: Headers,
  part: { readonly end: number; readonly total: number | null },
): Verdict {
  const { resource } = ask
  const { end, total } = part
  const own = resourceOf(headers, total)
  if (resource === null) return { kind: 'part', end, resource: own }
  const difference = differs(resource, headers)
  // Without a validator, the next part would be as little to be believed.
  const ranges = isResumable(resource)
  if (difference !== null) return { kind: 'restart', why: difference, ranges }
  if (resource.total !== null && total !== null && total !== resource.total) {
    return { kind: 'restart', why: 'the resource has another length now', ranges: true }
  }
  // A part of unknown total says nothing about its version but by the entity tag.
  if (resource.total !== null && total === null && resource.etag === null) {
    return { kind: 'restart', why: 'the answer does not tell the total', ranges: false }
  }
  return { kind: 'part', end, resource: { ...resource, total: resource.total ?? total } }
}

function judgeUnsatisfiable(ask: Ask, headers: Headers): Verdict {
  const total = /^bytes \*\/(\d{1,15})$/i.exec(headers.get('content-range')?.trim() ?? '')?.[1]
  const known = ask.resource?.total ?? null
  const tag = headers.get('etag')
  const before = ask.resource?.etag ?? null
  const same = tag === null || before === null || tag === before
  if (total !== undefined && Number(total) === ask.start && same) {
    if (known === null || known === ask.start) return { kind: 'complete', total: ask.start }
  }
  const why = 'the server has no such range, so the resource is shorter than it was'
  return { kind: 'restart', why, ranges: total !== undefined }
}

/** What is different, or null. RFC 9110 §15.3.7: a 206 has the ETag that a 200 would have. */
function differs(resource: Resource, headers: Headers): string | null {
  if (resource.etag !== null) {
    const tag = headers.get('etag')
    if (tag === resource.etag) return null
    return tag === null ? 'the answer has no ETag any more' : 'the resource has another ETag now'
  }
  const date = headers.get('last-modified')
  if (resource.lastModified === null) return 'there is no validator to compare'
  // May be left out of an answer to If-Range, which the server has compared by itself.
  return date === null || date === resource.lastModified
    ? null
    : 'the resource was modified in between'
}

/** RFC 9110 §14.4. */
function parseContentRange(
  value: string,
): { readonly start: number; readonly end: number; readonly total: number | null } | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(value.trim())
  if (found === null) return null
  const [start = 0, last = 0] = found.slice(1, 3).map(Number)
  const total = found[3] === '*' ? null : Number(found[3])
  if (last < start || (total !== null && last >= total)) return null
  return { start, end: last + 1, total }
}

/** RFC 9110 §8.8.2.2: strong when at least a second older than the answer, by the server's clock. */
function strongDate(headers: Headers): string | null {
  const modified = headers.get('last-modified')
  const changed = Date.parse(modified ?? '')
  const answered = Date.parse(headers.get('date') ?? '')
  return answered - changed >= 1000 ? modified : null
}

function wholeLength(headers: Headers): number | null {
  return isCoded(headers) ? null : numberOf(headers.get('content-length'))
}

function isCoded(headers: Headers): boolean {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  return coding !== '' && coding !== 'identity'
}

function numberOf(value: string | null): number | null {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null
}
