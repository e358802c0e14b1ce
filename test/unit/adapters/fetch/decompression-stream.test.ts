/** Decoding by DecompressionStream: whole, cut, and by single bytes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { streamDecoders } from '../../../../adapters/fetch/decompression-stream.ts'
import { ContentDecodingError } from '../../../../src/errors.ts'
import type { ByteReader } from '../../../../src/ports.ts'

const TEXT = 'what is said twice is said twice '.repeat(2000)

function reader(chunks: readonly Uint8Array[], then?: Error): ByteReader {
  const rest = [...chunks]
  return {
    async read() {
      const chunk = rest.shift()
      if (chunk === undefined && then !== undefined) throw then
      return chunk ?? null
    },
    cancel: () => undefined,
  }
}

async function decode(coding: string, source: ByteReader): Promise<string> {
  const decoded = streamDecoders(coding)?.(source)
  assert.ok(decoded)
  const parts: Uint8Array[] = []
  for (let chunk = await decoded.read(); chunk !== null; chunk = await decoded.read())
    parts.push(chunk)
  return Buffer.concat(parts).toString()
}

for (const [name, coding, coded] of [
  ['gzip', 'gzip', gzipSync(TEXT)],
  ['x-gzip', 'x-gzip', gzipSync(TEXT)],
  ['deflate with zlib', 'deflate', deflateSync(TEXT)],
  ['raw deflate', 'deflate', deflateRawSync(TEXT)],
] as const) {
  test(`${name} is decoded, from one piece and byte by byte`, async () => {
    assert.equal(await decode(coding, reader([coded])), TEXT)
    const single = [...coded].map((byte) => new Uint8Array([byte]))
    assert.equal(await decode(coding, reader(single)), TEXT)
  })

  test(`${name} that is cut off is a ContentDecodingError`, async () => {
    await assert.rejects(decode(coding, reader([coded.subarray(0, -5)])), ContentDecodingError)
  })
}

test('what the source throws comes through as it is', async () => {
  const mine = new Error('cut by the wire')
  const coded = gzipSync(TEXT).subarray(0, 20)
  await assert.rejects(decode('gzip', reader([coded], mine)), (error) => error === mine)
})

test('an empty body is no coded data, and br is left to others', async () => {
  assert.equal(await decode('gzip', reader([])), '')
  assert.equal(streamDecoders('br'), null)
})
