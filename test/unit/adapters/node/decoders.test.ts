/** Content codings by node:zlib. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import zlib from 'node:zlib'
import { zlibDecoders } from '../../../../adapters/node/decoders.ts'
import { ContentDecodingError } from '../../../../src/errors.ts'
import type { ByteReader } from '../../../../src/ports.ts'

const text = new TextEncoder().encode('Straße, größer, am größten. '.repeat(20_000))

type Encode = (bytes: Uint8Array) => Uint8Array
// From Node 22.15 on.
const zstd = Reflect.get(zlib, 'zstdCompressSync') as Encode | undefined

const encoders: Readonly<Record<string, Encode>> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  ...(zstd === undefined ? {} : { zstd }),
}

function source(bytes: Uint8Array, size: number): ByteReader & { cancelled: boolean } {
  let at = 0
  return {
    cancelled: false,
    read() {
      const chunk = bytes.subarray(at, at + size)
      at += size
      return Promise.resolve(chunk.length === 0 ? null : chunk)
    },
    cancel() {
      this.cancelled = true
    },
  }
}

async function decode(coding: string, from: ByteReader): Promise<Uint8Array> {
  const reader = zlibDecoders(coding)?.(from)
  assert.ok(reader)
  const parts: Uint8Array[] = []
  for (let part = await reader.read(); part !== null; part = await reader.read()) {
    assert.ok(part.length > 0)
    parts.push(part)
  }
  assert.equal(await reader.read(), null)
  return new Uint8Array(Buffer.concat(parts))
}

describe('decoders', () => {
  for (const [coding, encode] of Object.entries(encoders)) {
    it(`read ${coding} in pieces of every size`, async () => {
      const coded = encode(text)
      for (const size of [1, 7, 1000, Infinity]) {
        assert.deepEqual(await decode(coding, source(coded, size)), text)
      }
    })

    it(`refuse ${coding} that is cut off or damaged`, async () => {
      const coded = encode(text)
      const cut = source(coded.subarray(0, coded.length - 5), 100)
      await assert.rejects(decode(coding, cut), ContentDecodingError)
      const damaged = source(new Uint8Array(coded).fill(0x55, 20, 60), 10)
      await assert.rejects(decode(coding, damaged), ContentDecodingError)
      assert.ok(damaged.cancelled)
    })
  }

  it('read raw deflate too', async () => {
    assert.deepEqual(await decode('deflate', source(zlib.deflateRawSync(text), 5)), text)
  })

  it('read gzip of several members', async () => {
    const twice = Buffer.concat([zlib.gzipSync(text), zlib.gzipSync(text)])
    assert.equal((await decode('gzip', source(twice, 1000))).length, 2 * text.length)
  })

  it('know no other coding', () => {
    for (const coding of ['compress', 'aes128gcm', '__proto__', 'GZIP']) {
      assert.equal(zlibDecoders(coding), null)
    }
  })

  it('hand on the very error of their source', async () => {
    const broken: ByteReader = {
      read: () => Promise.reject(new RangeError('mine')),
      cancel: () => undefined,
    }
    await assert.rejects(decode('gzip', broken), RangeError)
  })

  it('reject what is under way when they are cancelled', async () => {
    let reject: (reason: unknown) => void = () => undefined
    const silent: ByteReader = {
      read: () => new Promise<never>((_, refuse) => (reject = refuse)),
      cancel: (reason) => {
        reject(reason)
      },
    }
    const cancelled = source(zlib.gzipSync(text), 10)
    const reader = zlibDecoders('gzip')?.(cancelled)
    reader?.cancel(new RangeError('enough'))
    await assert.rejects(reader?.read() ?? Promise.resolve(), RangeError)
    assert.ok(cancelled.cancelled)
    const waiting = zlibDecoders('gzip')?.(silent)
    const read = waiting?.read() ?? Promise.resolve()
    waiting?.cancel(new RangeError('enough'))
    await assert.rejects(read, RangeError)
  })
})
