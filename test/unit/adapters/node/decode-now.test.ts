/** Small bodies that are decoded in one go come to the same as those that are decoded in pieces. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import zlib from 'node:zlib'
import { decodeNow } from '../../../../adapters/node/decode-now.ts'
import { zlibDecoders } from '../../../../adapters/node/decoders.ts'
import { decodeBody } from '../../../../src/decode/pipeline.ts'
import { BodyTooLargeError, IncompleteBodyError } from '../../../../src/errors.ts'
import type { WireBody } from '../../../../src/ports.ts'
import { FakeBody } from '../../decode/fakes.ts'

const text = JSON.stringify({ names: Array.from({ length: 40 }, (_, n) => `größer ${String(n)}`) })

const CODED: Readonly<Record<string, Uint8Array>> = {
  gzip: zlib.gzipSync(text),
  deflate: zlib.deflateSync(text),
  'raw deflate': zlib.deflateRawSync(text),
  br: zlib.brotliCompressSync(text),
}
const codingOf = (name: string): string => (name === 'raw deflate' ? 'deflate' : name)

/** One that comes in these pieces: an empty one is none. */
function coming(...pieces: readonly Uint8Array[]): FakeBody {
  return new FakeBody(...pieces.filter(({ length }) => length > 0))
}

/** A body that has come whole, as most small ones. */
class HereBody extends FakeBody {
  #bytes: Uint8Array | null
  constructor(bytes: Uint8Array) {
    super(bytes)
    this.#bytes = bytes
  }
  collectNow(limit: number): Uint8Array | null {
    const bytes = this.#bytes
    if (bytes === null || bytes.length > limit) return null
    this.#bytes = null
    return bytes
  }
}

function decoded(body: WireBody, name: string, maxBytes = Infinity): WireBody {
  const platform = { decoders: zlibDecoders, decodeNow, runtime: 'node' } as const
  const codings = [codingOf(name)]
  return decodeBody(body, { codings, undone: [], platform, maxBytes, guardRatio: true })
}

/** What comes of it, or the class and message of what is thrown. */
async function outcome(work: () => Promise<Uint8Array>): Promise<string> {
  try {
    return Buffer.from(await work()).toString('latin1')
  } catch (error) {
    assert.ok(error instanceof Error)
    return `${error.name}: ${error.message}`
  }
}

async function inPieces(body: WireBody): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let piece = await body.read(); piece !== null; piece = await body.read()) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** As it is, cut at each place, damaged at each place, and with something behind it. */
function* variants(coded: Uint8Array): Generator<Uint8Array> {
  yield coded
  for (let at = 0; at < coded.length; at++) {
    yield coded.slice(0, at)
    const damaged = Uint8Array.from(coded)
    damaged[at] = (damaged[at] ?? 0) ^ 0x55
    yield damaged
  }
  yield Buffer.concat([coded, Buffer.from('more')])
  yield Buffer.concat([coded, coded])
  yield Buffer.concat([coded, Buffer.alloc(5)])
}

for (const [name, coded] of Object.entries(CODED)) {
  test(`${name}: whole, cut, damaged or followed by more, in one go as in pieces`, async () => {
    let atOnce = 0
    for (const bytes of variants(coded)) {
      const pieces = await outcome(() => inPieces(decoded(coming(bytes), name)))
      const here = decoded(new HereBody(bytes), name)
      const now = here.collectNow?.(Infinity) ?? null
      if (now !== null) atOnce += 1
      const got = now ?? (() => here.collect(Infinity))
      assert.equal(
        await outcome(typeof got === 'function' ? got : () => Promise.resolve(got)),
        pieces,
      )
      const half = bytes.length >> 1
      const halves = decoded(coming(bytes.subarray(0, half), bytes.subarray(half)), name)
      assert.equal(await outcome(() => halves.collect(Infinity)), pieces)
    }
    assert.ok(atOnce > 1, 'Some of them were decoded in one go.')
  })
}

test('no more than the limit comes of it, and a decoder of pieces says so', async () => {
  const { gzip = new Uint8Array() } = CODED
  const { length } = Buffer.from(text)
  assert.equal(decodeNow('gzip', gzip, length)?.length, length)
  assert.equal(decodeNow('gzip', gzip, length - 1), null)
  const small = decoded(new HereBody(gzip), 'gzip', length - 1)
  assert.equal(small.collectNow?.(Infinity), null)
  await assert.rejects(small.collect(Infinity), BodyTooLargeError)
  await assert.rejects(decoded(new HereBody(gzip), 'gzip').collect(length - 1), BodyTooLargeError)
  const bomb = decoded(new HereBody(zlib.gzipSync(Buffer.alloc(8 << 20))), 'gzip')
  assert.equal(bomb.collectNow?.(Infinity), null)
  await assert.rejects(bomb.collect(Infinity), { code: 'BODY_EXPANDS' })
})

test('what is read ahead is not lost: a larger body, or one whose connection breaks', async () => {
  const large = Buffer.from(Array.from({ length: 90_000 }, (_, n) => (n * 7919) % 251))
  const coded = zlib.gzipSync(large)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < coded.length; at += 1000) pieces.push(coded.subarray(at, at + 1000))
  assert.deepEqual(
    Buffer.from(await decoded(new FakeBody(...pieces), 'gzip').collect(Infinity)),
    large,
  )
  const cut = new IncompleteBodyError('cut')
  const broken = decoded(new FakeBody(coded.subarray(0, 900), cut), 'gzip')
  await assert.rejects(broken.collect(Infinity), (error) => error === cut)
})

test('a body that is cancelled while it is read ahead rejects with the reason', async () => {
  const source = new FakeBody(CODED['gzip'] ?? '', '')
  const body = decoded(source, 'gzip')
  const collecting = body.collect(Infinity)
  const reason = new Error('enough')
  body.cancel(reason)
  await assert.rejects(collecting, (error) => error === reason)
  assert.equal(source.cancelled[0], reason)
})

test('codings that are not safe in one go, and those nobody knows, are left to others', () => {
  assert.equal(decodeNow('zstd', new Uint8Array(9), 1000), null)
  assert.equal(decodeNow('toString', new Uint8Array(9), 1000), null)
})
