/** The record beside the parts: what is there, of which resource. Versioned, and checked by itself. */
import { encodeText } from '../as-bytes.ts'
import { crc32 } from './crc32.ts'
import type { Claim } from './ranges.ts'
import type { Resource } from './range-rules.ts'

export interface DownloadState {
  /** What was asked for, by its hash: a URL may have secrets in it. */
  readonly identity: string
  /** For people who look into the file: without query and user-info. */
  readonly url: string
  readonly resource: Resource
  /** Ascending, not overlapping. */
  readonly claims: readonly Claim[]
}

const FORMAT = 'ubiquest-download'
const VERSION = 1

export function encodeState(state: DownloadState): string {
  const { identity, url, resource, claims } = state
  const { etag, lastModified, total } = resource
  const body = JSON.stringify({ identity, url, etag, lastModified, total, claims })
  return `${JSON.stringify({ format: FORMAT, version: VERSION, check: check(body) })}\n${body}\n`
}

/** Null for anything that this version did not write exactly so. */
export function decodeState(text: string): DownloadState | null {
  const [head = '', body = '', ...rest] = text.split('\n')
  if (rest.length !== 1 || rest[0] !== '') return null
  const { format, version, check: expected } = parseObject(head)
  if (format !== FORMAT || version !== VERSION || expected !== check(body)) return null
  const { identity, url, etag, lastModified, total, claims } = parseObject(body)
  if (typeof identity !== 'string' || typeof url !== 'string') return null
  if (!isTextOrNull(etag) || !isTextOrNull(lastModified)) return null
  if (total !== null && !isCount(total)) return null
  const list = readClaims(claims, total ?? Number.MAX_SAFE_INTEGER)
  if (list === null) return null
  return { identity, url, resource: { etag, lastModified, total }, claims: list }
}

function readClaims(input: unknown, total: number): Claim[] | null {
  if (!Array.isArray(input)) return null
  const claims: Claim[] = []
  let least = 0
  for (const each of input as unknown[]) {
    if (!Array.isArray(each) || each.length !== 3) return null
    const [start, end, crc] = each as unknown[]
    if (!isCount(start) || !isCount(end) || !isCount(crc)) return null
    if (start < least || end <= start || end > total || crc > 0xffffffff) return null
    claims.push([start, end, crc])
    least = end
  }
  return claims
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    // Members are checked one by one by whoever reads them.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // No JSON, so none of ours.
    return {}
  }
}

function check(body: string): number {
  return crc32(encodeText(body), 0)
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
