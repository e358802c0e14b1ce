/** Binary bodies of any size: ranges, chunks, drips, and ones that break off. */
import { patternChunks } from '../../harness/pattern.ts'
import {
  breakOff,
  drained,
  isGone,
  numberOf,
  pause,
  sendBytes,
  sendChunks,
  sendHead,
} from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'

export const bytesRoutes: Routes = { bytes, stream, drip, pour }

const MOST_BYTES = 8 * 1024 * 1024 * 1024
const LAST_MODIFIED = 'Tue, 03 Feb 2026 04:05:06 GMT'

/**
 * `/bytes/1000?seed=1`: that many bytes of the pattern, with ranges, a strong ETag and a date.
 * `etag` replaces the validator, `no-range` refuses ranges, `cut=k` breaks the connection off after
 * k bytes of the body, `chunked` leaves the length out.
 */
async function bytes(call: Call): Promise<void> {
  const size = numberOf(call.segments[0], 0, [0, MOST_BYTES])
  const seed = numberOf(call.params.get('seed'), 0)
  const etag = call.params.get('etag') ?? `"${String(size)}-${String(seed)}"`
  const fields: Field[] = [
    ['Content-Type', call.params.get('type') ?? 'application/octet-stream'],
    ['Last-Modified', LAST_MODIFIED],
    ['ETag', etag],
  ]
  if (!call.params.has('no-range')) fields.push(['Accept-Ranges', 'bytes'])
  if (call.request.headers['if-none-match'] === etag) {
    sendHead(call, 304, fields)
    call.response.end()
    return
  }
  const range = askedRange(call, size, etag)
  if (range === 'unsatisfiable') {
    fields.push(['Content-Range', `bytes */${String(size)}`])
    sendBytes(call, new Uint8Array(), { status: 416, fields })
    return
  }
  const [start, end] = range ?? [0, size]
  if (range !== null) {
    fields.push(['Content-Range', `bytes ${String(start)}-${String(end - 1)}/${String(size)}`])
  }
  if (!call.params.has('chunked')) fields.push(['Content-Length', String(end - start)])
  const cut = numberOf(call.params.get('cut'), end - start)
  const chunks = patternChunks(seed, start, Math.min(end, start + cut))
  const broken = cut < end - start
  await sendChunks(call, broken ? thenBreak(call, chunks) : chunks, {
    status: range === null ? 200 : 206,
    fields,
  })
}

/** `/stream/1000?chunk=100`: chunked, in pieces of that size. */
async function stream(call: Call): Promise<void> {
  const size = numberOf(call.segments[0], 0, [0, MOST_BYTES])
  const chunk = numberOf(call.params.get('chunk'), 16384, [1, 1024 * 1024])
  const seed = numberOf(call.params.get('seed'), 0)
  await sendChunks(call, patternChunks(seed, 0, size, chunk), {
    fields: [['Content-Type', 'application/octet-stream']],
  })
}

/** `/drip?bytes=10&delay=20&chunk=1`: a silence of `delay` milliseconds before each chunk. */
async function drip(call: Call): Promise<void> {
  const size = numberOf(call.params.get('bytes'), 10, [0, 1_000_000])
  const chunk = numberOf(call.params.get('chunk'), 1, [1, 1_000_000])
  const delay = numberOf(call.params.get('delay'), 20, [0, 60_000])
  const fields: Field[] = [['Content-Type', 'application/octet-stream']]
  if (!call.params.has('chunked')) fields.push(['Content-Length', String(size)])
  async function* drops(): AsyncGenerator<Uint8Array> {
    call.response.flushHeaders?.()
    for (const drop of patternChunks(0, 0, size, chunk)) {
      await pause(call, delay)
      if (isGone(call)) return
      yield drop
    }
  }
  await sendChunks(call, drops(), { fields })
}

const STALLED_MS = 500
const POURED = new Uint8Array(64 * 1024)

/** `/pour?tag=…`: without end, as fast as it is taken; the journal is told when nobody takes more. */
async function pour(call: Call): Promise<void> {
  const { response, tag, url, connection, journal } = call
  sendHead(call, 200, [['Content-Type', 'application/octet-stream']])
  let bytes = 0
  while (!isGone(call)) {
    const taken = response.write(POURED)
    bytes += POURED.length
    if (taken) continue
    const stalled = setTimeout(() => {
      journal.add(tag, { event: 'stalled', path: url.pathname, connection, bytes })
    }, STALLED_MS)
    await drained(response)
    clearTimeout(stalled)
  }
}

/** RFC 9110 §14.2: one range; anything more or malformed is ignored, as servers may. */
function askedRange(
  call: Call,
  size: number,
  etag: string,
): [start: number, end: number] | 'unsatisfiable' | null {
  const { headers } = call.request
  const condition = headers['if-range']
  if (call.params.has('no-range') || headers.range === undefined) return null
  if (condition !== undefined && condition !== etag && condition !== LAST_MODIFIED) return null
  const found = /^bytes=(\d*)-(\d*)$/.exec(headers.range)
  const [first = '', last = ''] = found?.slice(1) ?? []
  if (found === null || (first === '' && last === '')) return null
  if (first === '') {
    return last === '0' ? 'unsatisfiable' : [Math.max(0, size - Number(last)), size]
  }
  if (Number(first) >= size) return 'unsatisfiable'
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  return end <= Number(first) ? null : [Number(first), end]
}

/** The connection breaks when the socket has taken what came before. */
async function* thenBreak(
  call: Call,
  chunks: Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array | string> {
  call.response.flushHeaders?.()
  yield* chunks
  do await pause(call, 5)
  while (!isGone(call) && call.response.writableLength > 0)
  breakOff(call)
}
