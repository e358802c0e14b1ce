/** Our multipart out of every server runtime, read by four parsers of other people, directly and
 *  through nginx. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import * as requests from '../../adapters/node/index.ts'
import { encodeBody } from '../../src/body/from-input.ts'
import { readBody } from '../../src/prepared-body.ts'
import type { Program } from './programs.ts'
import { startProxy, startReceivers } from './receivers.ts'
import type { Reading, Receivers } from './receivers.ts'
import { senders } from './upload-runtimes.ts'

const MIB = 1024 * 1024
const content = Buffer.alloc(
  24 * MIB + 7,
  'Every line of this file is the same, and none is short.\r\n',
)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

let receivers: Receivers
let proxy: Program | null
let folder = ''
before(async () => {
  receivers = await startReceivers()
  proxy = await startProxy(receivers.urls)
  folder = await mkdtemp(join(tmpdir(), 'ubiquest-uploads-'))
  await writeFile(join(folder, 'größe 日本.bin'), content)
  await writeFile(join(folder, 'empty.txt'), '')
})
after(async () => {
  await proxy?.stop()
  await receivers.stop()
  await rm(folder, { recursive: true, force: true })
})

for (const [runtime, send] of Object.entries(senders)) {
  test(`${runtime}: files, streams and fields arrive, directly and through nginx`, async () => {
    // With a length, and chunked: a generator's is not known.
    const jobs = receiverUrls().flatMap((url) => [[url, false] as const, [url, true] as const])
    const outcomes = await send(folder, jobs)
    assert.equal(outcomes.length, jobs.length)
    for (const [at, [url, chunked]] of jobs.entries()) {
      const outcome = outcomes[at]
      const what = `${url}${chunked ? ', chunked' : ''}`
      assert.ok(outcome !== undefined && !('error' in outcome), `${what}: ${inspect(outcome)}`)
      checkReading(outcome, what)
    }
  })
}

test('names, values and contents at random are the same to three parsers', async () => {
  // Each parser takes these for something of its own, which HTML does not have; formidable takes
  // the two line separators for the end of a name.
  const plain = (text: string): string => text.replaceAll(/[\\&/\u2028\u2029]/g, '_')
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom('"', '\r', '\n', '\r\n', '%', ';', '=', '--', '\r\n--', ' '),
  )
  const text = fc.string({ unit }).map((each) => `x${plain(each)}x`)
  const file = fc.tuple(text, text, fc.uint8Array({ maxLength: 300 }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, text), { maxLength: 3 }),
      fc.array(file, { minLength: 1, maxLength: 3 }),
      async (fields, files) => {
        const parts = files.map(([name, filename, bytes]) => [name, [filename, bytes]] as const)
        const { source, contentType } = encodeBody({ data: fields, files: parts })
        assert.ok(source !== null && contentType !== null)
        const body = await readBody(source)
        const expected = expectedReading(fields, files)
        for (const parser of ['busboy', 'formidable', 'werkzeug']) {
          const headers = { 'Content-Type': contentType }
          const response = await requests.post(receivers.urls[parser] ?? '', {
            data: body,
            headers,
          })
          const reading = await response.json<Reading>()
          assert.deepEqual(comparable(reading, parser), comparable(expected, parser), parser)
        }
      },
    ),
    { numRuns: 150 },
  )
})

/** Each parser, and each behind nginx, which keeps the request until it is complete, or does not. */
function receiverUrls(): string[] {
  return Object.entries(receivers.urls).flatMap(([parser, url]) => {
    if (proxy === null) return [url]
    const base = `http://127.0.0.1:${String(proxy.port)}`
    return [url, `${base}/on/${parser}`, `${base}/off/${parser}`]
  })
}

function checkReading({ fields, files }: Reading, url: string): void {
  assert.deepEqual(
    sorted(fields),
    [
      ['empty', ''],
      ['many', '1'],
      ['many', '2'],
      ['text', 'ünïcode\r\nlines'],
    ],
    url,
  )
  const expected: Reading['files'] = [
    ['blob', 'blob.svg', 'image/svg+xml', 3, sha256(Buffer.from('<p>'))],
    ['bytes', 'bytes', 'application/octet-stream', 3 * MIB, sha256(Buffer.alloc(3 * MIB, 5))],
    ['disk', 'größe 日本.bin', 'application/octet-stream', content.length, sha256(content)],
    ['none', 'empty.txt', 'text/plain', 0, sha256(Buffer.alloc(0))],
  ]
  const types = new Map(expected.map(([name, , type]) => [name, type]))
  const found = sorted(files).map((file): Reading['files'][number] => [
    file[0],
    file[1],
    file[2] ?? types.get(file[0]) ?? null,
    file[3],
    file[4],
  ])
  assert.deepEqual(found, expected, url)
}

/** What HTML makes of names and values (§4.10.21.8). */
function expectedReading(
  fields: readonly (readonly [string, string])[],
  files: readonly (readonly [string, string, Uint8Array])[],
): Reading {
  const type = 'application/octet-stream'
  return {
    fields: fields.map(([name, value]) => [escape(crlf(name)), crlf(value)]),
    files: files.map(([name, filename, bytes]) => [
      escape(crlf(name)),
      escape(filename),
      type,
      bytes.length,
      sha256(bytes),
    ]),
  }
}

/** formidable undoes one of the three escapes, in file names. */
function comparable({ fields, files }: Reading, parser: string): Reading {
  const undo = (name: string): string =>
    parser === 'formidable' ? name.replaceAll('%22', '"') : name
  return {
    fields: sorted(fields),
    files: sorted(files.map(([name, filename, ...rest]) => [name, undo(filename), ...rest])),
  }
}

function sorted<Part extends readonly [string, ...unknown[]]>(parts: readonly Part[]): Part[] {
  return [...parts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function crlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n')
}

function escape(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}
