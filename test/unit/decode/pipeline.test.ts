/** Content codings: what is taken off, what is left on, and the limits that hold on every way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { decodeNow } from '../../../adapters/node/decode-now.ts'
import { zlibDecoders as realDecoders } from '../../../adapters/node/decoders.ts'
import { parseCodings } from '../../../src/decode/codings.ts'
import { decodeBody } from '../../../src/decode/pipeline.ts'
import type { DecodeOptions } from '../../../src/decode/pipeline.ts'
import {
  BodyTooLargeError,
  ContentDecodingError,
  IncompleteBodyError,
  UnsupportedError,
} from '../../../src/errors.ts'
import type { DecoderFactory } from '../../../src/ports.ts'
import { FakeBody, zlibDecoders } from './fakes.ts'

function decode(body: FakeBody, codings: string, options: Partial<DecodeOptions> = {}) {
  return decodeBody(body, {
    codings: parseCodings(codings),
    undone: [],
    platform: { decoders: zlibDecoders(), runtime: 'node' },
    maxBytes: Infinity,
    guardRatio: true,
    ...options,
  })
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const collected = async (body: FakeBody, codings: string, options: Partial<DecodeOptions> = {}) =>
  text(await decode(body, codings, options).collect(Infinity))

test('codings are lower-cased and trimmed, and empty members are ignored', () => {
  assert.deepEqual(parseCodings(' GZip ,, br,'), ['gzip', 'br'])
  assert.deepEqual(parseCodings(''), [])
  assert.deepEqual(parseCodings(null), [])
})

test('without codings and without a limit the very body is handed on', () => {
  const body = new FakeBody('a')
  assert.equal(decode(body, ''), body)
  assert.equal(decode(body, 'identity'), body)
  assert.equal(decode(body, 'gzip', { undone: ['gzip'] }), body)
  assert.equal(decode(body, 'X-GZIP', { undone: ['gzip'] }), body)
})

test('codings are removed in the reverse order of their application', async () => {
  const coded = brotliCompressSync(deflateSync(gzipSync('hello')))
  assert.equal(await collected(new FakeBody(coded), 'x-gzip, deflate, identity, br'), 'hello')
  assert.equal(
    await collected(new FakeBody(deflateSync('a')), 'deflate, gzip', { undone: ['gzip'] }),
    'a',
  )
})

test('only as many codings count as undone as the runtime names', async () => {
  const once = new FakeBody(gzipSync('a'))
  assert.equal(await collected(once, 'gzip, gzip', { undone: ['gzip'] }), 'a')
})

test('a coding unknown to HTTP ends the decoding, and the rest is left as it is', async () => {
  assert.equal(await collected(new FakeBody('as it is'), 'gzip, aws-chunked'), 'as it is')
  assert.equal(await collected(new FakeBody(gzipSync('inner')), 'aws-chunked, gzip'), 'inner')
})

test('a known coding without a decoder names itself and the runtime, when there are bytes', async () => {
  const body = new FakeBody('x')
  await assert.rejects(collected(body, 'zstd'), (error: unknown) => {
    assert.ok(error instanceof UnsupportedError)
    assert.match(error.message, /zstd.*node/)
    return true
  })
  assert.ok(body.cancelled.length > 0)
  await assert.rejects(
    collected(new FakeBody('x'), 'gzip', { platform: { runtime: 'node' } }),
    UnsupportedError,
  )
})

test('empty bodies are never decoded', async () => {
  assert.equal(await collected(new FakeBody(), 'gzip'), '')
  assert.equal(await collected(new FakeBody(), 'zstd'), '')
  assert.equal(await decode(new FakeBody(), 'br').read(), null)
})

test('more than five codings are refused, and five are not', async () => {
  let coded: Uint8Array = Buffer.from('deep')
  for (let depth = 0; depth < 5; depth++) coded = gzipSync(coded)
  assert.equal(await collected(new FakeBody(coded), Array(5).fill('gzip').join()), 'deep')
  const body = new FakeBody(gzipSync(coded))
  await assert.rejects(collected(body, Array(6).fill('gzip').join()), ContentDecodingError)
  assert.ok(body.cancelled.length > 0)
})

test('broken data is a ContentDecodingError, with the cause, and gives the body up', async () => {
  const body = new FakeBody('this is not gzip')
  await assert.rejects(collected(body, 'gzip'), (error: unknown) => {
    assert.ok(error instanceof ContentDecodingError)
    assert.ok(error.cause instanceof Error)
    return true
  })
  assert.ok(body.cancelled.length > 0)
})

test('a broken connection is reported as itself, not as broken coding', async () => {
  const cut = new IncompleteBodyError('cut')
  const body = decode(new FakeBody(gzipSync('hello').subarray(0, 12), cut), 'gzip')
  await assert.rejects(body.read(), (error) => error === cut)
  await assert.rejects(body.read(), (error) => error === cut)
})

test('the limit counts decoded bytes, read or collected, coded or not', async () => {
  const plain = 'x'.repeat(1000)
  for (const [codings, bytes] of [
    ['', plain],
    ['gzip', gzipSync(plain)],
  ] as const) {
    assert.equal(await collected(new FakeBody(bytes), codings, { maxBytes: 1000 }), plain)
    const whole = new FakeBody(bytes)
    await assert.rejects(collected(whole, codings, { maxBytes: 999 }), BodyTooLargeError)
    assert.ok(whole.cancelled.length > 0)
    const pieces = decode(new FakeBody(bytes), codings, { maxBytes: 999 })
    await assert.rejects(async () => {
      while ((await pieces.read()) !== null);
    }, BodyTooLargeError)
    await assert.rejects(decode(new FakeBody(bytes), codings).collect(999), BodyTooLargeError)
  }
})

test('what was read before counts against the limit of what is collected', async () => {
  const body = decode(new FakeBody('12345', '67890'), '', { maxBytes: 9 })
  assert.equal((await body.read())?.length, 5)
  await assert.rejects(body.collect(Infinity), BodyTooLargeError)
})

test('expansion beyond 100:1 is refused from 1 MiB on, when guarded', async () => {
  const bomb = gzipSync(Buffer.alloc(4 << 20))
  await assert.rejects(collected(new FakeBody(bomb), 'gzip'), (error: unknown) => {
    assert.ok(error instanceof BodyTooLargeError)
    assert.equal(error.code, 'BODY_EXPANDS')
    return true
  })
  // What is iterated over is never in memory as a whole.
  const free = decode(new FakeBody(bomb), 'gzip', { guardRatio: false })
  let length = 0
  for (let chunk = await free.read(); chunk !== null; chunk = await free.read()) {
    length += chunk.length
  }
  assert.equal(length, 4 << 20)
  const small = gzipSync(Buffer.alloc(1 << 20))
  assert.equal((await decode(new FakeBody(small), 'gzip').collect(Infinity)).length, 1 << 20)
})

test('a bomb inside a bomb is measured against the bytes on the wire, at every step', async () => {
  const inner = gzipSync(gzipSync(Buffer.alloc(64 << 20)))
  await assert.rejects(collected(new FakeBody(inner), 'gzip, gzip'), BodyTooLargeError)
  const hidden = gzipSync(gzipSync(Buffer.alloc(8 << 20)))
  const options = { guardRatio: false, maxBytes: 1000 }
  await assert.rejects(collected(new FakeBody(hidden), 'gzip, gzip', options), BodyTooLargeError)
})

test('coded bytes that decode to nothing do not go on for ever', async () => {
  const empties = Array.from({ length: 50 }, () => new Uint8Array(4096))
  const decoders = () => (source: FakeBody) => ({
    async read() {
      while ((await source.read()) !== null);
      return null
    },
    cancel() {},
  })
  const endless = decode(new FakeBody(...empties), 'gzip', {
    maxBytes: 1000,
    platform: { decoders: decoders as unknown as DecoderFactory, runtime: 'node' },
  })
  await assert.rejects(endless.read(), BodyTooLargeError)
})

test('what a decoder cancels its source with does not hide its error', async () => {
  const raw = new Error('Z_DATA_ERROR')
  const source = new FakeBody('data', 'data')
  const decoders: DecoderFactory = () => (reader) => ({
    async read() {
      await reader.read()
      reader.cancel(raw)
      throw raw
    },
    cancel() {},
  })
  await assert.rejects(
    collected(source, 'gzip', { platform: { decoders, runtime: 'node' } }),
    (error: unknown) => {
      assert.ok(error instanceof ContentDecodingError)
      assert.equal(error.cause, raw)
      return true
    },
  )
  assert.equal(source.cancelled[0], raw)
})

test('with the decoders of node:zlib, good, cut, damaged and followed by more', async () => {
  const good = gzipSync('hello '.repeat(50))
  const whole: Partial<DecodeOptions> = {
    platform: { decoders: realDecoders, decodeNow, runtime: 'node' },
  }
  for (let at = 1; at < good.length; at += 7) {
    const pieces = new FakeBody(good.subarray(0, at), good.subarray(at))
    assert.equal((await collected(pieces, 'gzip', whole)).length, 300)
    const cut = new FakeBody(good.subarray(0, at))
    await assert.rejects(collected(cut, 'gzip', whole), ContentDecodingError)
  }
  const damaged = Buffer.from(good)
  damaged.fill(0xff, 12, 20)
  await assert.rejects(collected(new FakeBody(damaged), 'gzip', whole), ContentDecodingError)
  const members = new FakeBody(gzipSync('a'), gzipSync('b'))
  assert.equal(await collected(members, 'gzip', whole), 'ab')
  const stacked = brotliCompressSync(deflateSync('deep'))
  assert.equal(await collected(new FakeBody(stacked), 'deflate, br', whole), 'deep')
})

test('a cancelled body rejects with the reason from then on', async () => {
  const source = new FakeBody(gzipSync('hello'))
  const body = decode(source, 'gzip')
  const reason = new Error('enough')
  body.cancel(reason)
  assert.deepEqual(source.cancelled, [reason])
  await assert.rejects(body.read(), (error) => error === reason)
})
