/** The pure parts of a download: what is believed, what is recorded, how work is shared. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 as nativeCrc32 } from 'node:zlib'
import { crc32 } from '../../../src/download/crc32.ts'
import { parseDigestField, readDigestValue } from '../../../src/download/digest-fields.ts'
import { judge, rangeFields, resourceOf } from '../../../src/download/range-rules.ts'
import { Spans } from '../../../src/download/ranges.ts'
import { decodeState, encodeState } from '../../../src/download/state.ts'
import { Headers } from '../../../src/headers.ts'
import { pattern } from '../../harness/pattern.ts'

const KNOWN = { etag: '"v"', lastModified: null, total: 10 }
const ASK = { start: 5, end: Infinity, resource: KNOWN, ranged: true }

test('a part is believed only where range, version and total agree', () => {
  const rows: [fields: Record<string, string>, verdict: string][] = [
    [{ 'Content-Range': 'bytes 5-9/10', ETag: '"v"' }, 'part'],
    [{ 'Content-Range': 'bytes 5-7/10', ETag: '"v"' }, 'part'],
    [{ 'Content-Range': 'bytes 5-9/*', ETag: '"v"' }, 'part'],
    [{ 'Content-Range': 'bytes 5-9/11', ETag: '"v"' }, 'restart with ranges'],
    [{ 'Content-Range': 'bytes 5-9/10', ETag: '"w"' }, 'restart with ranges'],
    [{ 'Content-Range': 'bytes 5-9/10' }, 'restart with ranges'],
    [{ 'Content-Range': 'bytes 4-9/10', ETag: '"v"' }, 'restart'],
    [{ 'Content-Range': 'bytes 5-10/10', ETag: '"v"' }, 'restart'],
    [{ 'Content-Range': 'bytes 9-5/10', ETag: '"v"' }, 'restart'],
    [{ 'Content-Range': 'items 5-9/10', ETag: '"v"' }, 'restart'],
    [{ 'Content-Range': 'bytes 5-9/10', ETag: '"v"', 'Content-Length': '4' }, 'restart'],
    [{ 'Content-Range': 'bytes 5-9/10', ETag: '"v"', 'Content-Encoding': 'gzip' }, 'restart'],
    [{ 'Content-Type': 'multipart/byteranges; boundary=x', ETag: '"v"' }, 'restart'],
    [{ ETag: '"v"' }, 'restart'],
  ]
  for (const [fields, expected] of rows) {
    const verdict = judge(ASK, 206, new Headers(fields))
    const shown =
      verdict.kind === 'restart' && verdict.ranges ? 'restart with ranges' : verdict.kind
    assert.equal(shown, expected, JSON.stringify(fields))
  }
})

test('200 and 416 are compared with what is there', () => {
  const same = new Headers({ ETag: '"v"' })
  assert.deepEqual(judge(ASK, 200, same), {
    ...{ kind: 'restart', ranges: false },
    why: 'the server answered a request for a range with the whole',
  })
  assert.equal(judge(ASK, 200, new Headers({ ETag: '"w"' })).kind, 'restart')
  const end = { ...ASK, start: 10 }
  assert.deepEqual(judge(end, 416, new Headers({ 'Content-Range': 'bytes */10' })), {
    kind: 'complete',
    total: 10,
  })
  for (const fields of [{ 'Content-Range': 'bytes */9' }, {}]) {
    assert.equal(judge(end, 416, new Headers(fields)).kind, 'restart')
  }
  assert.equal(judge(ASK, 503, new Headers()).kind, 'failed')
})

test('If-Range has a strong ETag, else a date that is strong, else nothing is sent', () => {
  assert.deepEqual(rangeFields({ ...ASK, end: 8 }), [
    ['Range', 'bytes=5-7'],
    ['If-Range', '"v"'],
  ])
  const date = 'Tue, 03 Feb 2026 04:05:06 GMT'
  const later = 'Tue, 03 Feb 2026 04:05:07 GMT'
  const rows: [Record<string, string>, string | null, string | null][] = [
    [{ ETag: '"a"', 'Last-Modified': date, Date: later }, '"a"', null],
    [{ ETag: 'W/"a"', 'Last-Modified': date, Date: later }, null, null],
    [{ 'Last-Modified': date, Date: later }, null, date],
    [{ 'Last-Modified': date, Date: date }, null, null],
    [{ 'Last-Modified': date }, null, null],
    [{ ETag: '"a"', 'Content-Encoding': 'gzip' }, null, null],
  ]
  for (const [fields, etag, lastModified] of rows) {
    assert.deepEqual(resourceOf(new Headers(fields), null), { etag, lastModified, total: null })
  }
})

test('a record is read back as it was written, and not at all with any byte changed', () => {
  const claims = [
    [0, 4, 1],
    [6, 9, 2],
  ] as const
  const state = { identity: 'ab', url: 'http://x/', resource: KNOWN, claims }
  const text = encodeState(state)
  assert.deepEqual(decodeState(text), state)
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
    assert.equal(decodeState(changed), null, String(at))
    assert.equal(decodeState(text.slice(0, at)), null)
  }
})

test('records with claims that make no sense are not believed', () => {
  for (const claims of [
    [[4, 4, 0]],
    [[0, 11, 0]],
    [
      [0, 5, 0],
      [4, 6, 0],
    ],
    [[0, 5, 2 ** 33]],
  ]) {
    const text = encodeState({ identity: '', url: '', resource: KNOWN, claims: claims as never })
    assert.equal(decodeState(text), null)
  }
})

test('spans grow into the gaps, and halves are taken from the largest', () => {
  const spans = new Spans(100, [
    [10, 20, 0],
    [50, 60, 0],
  ])
  const shown = [1, 2, 3].map(() => spans.take(false)).map((span) => [span?.pos, span?.end])
  assert.deepEqual(shown, [
    [0, 10],
    [20, 50],
    [60, 100],
  ])
  assert.equal(spans.take(true), null, 'too small to share')
  const large = new Spans(8 * 1024 * 1024)
  const first = large.take(false)
  const second = large.take(true)
  assert.deepEqual([first?.end, second?.start, second?.end], [4194304, 4194304, 8388608])
})

test('CRC-32 is the one of zlib', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789'), 0), 0xcbf43926)
  let crc = 0
  for (let size = 0; size < 40; size++) {
    const bytes = pattern(size, 0, size)
    assert.equal(crc32(bytes, crc), nativeCrc32(bytes, crc))
    crc = crc32(bytes, crc)
  }
})

test('digest fields are read strictly, and values in every spelling', () => {
  const zeros = `:${Buffer.alloc(32).toString('base64')}:`
  assert.equal(parseDigestField(`sha-256=${zeros}`)?.length, 1)
  assert.equal(parseDigestField(`md5=:AAAA:, sha-256=${zeros};q=1`)?.length, 1)
  assert.deepEqual(parseDigestField('md5=:AAAA:'), [])
  assert.deepEqual(parseDigestField(null), [])
  for (const bad of ['', 'sha-256', `sha-256=${zeros} x`, 'sha-256=:AAAA:', 'sha-256="x"']) {
    assert.equal(parseDigestField(bad), null, bad)
  }
  const bytes = Uint8Array.of(0, 127, 255)
  for (const text of ['007fff', '007FFF', 'AH//', bytes]) {
    assert.deepEqual(readDigestValue(text, 3), bytes)
  }
  assert.equal(readDigestValue('AH//', 4), null)
})
