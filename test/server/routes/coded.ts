/** Bodies with a content coding: sound, stacked, cut off, corrupt, and bombs. */
import { Readable } from 'node:stream'
import { createBrotliCompress, createDeflate, createDeflateRaw, createGzip } from 'node:zlib'
import { patternChunks } from '../../harness/pattern.ts'
import { BadRequest, numberOf, sendBytes, sendChunks } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'
import { frameZstd } from '../zstd-frame.ts'

export const codedRoutes: Routes = {
  gzip: async (call) => answer(call, ['gzip']),
  /** RFC 9110 §8.4.1.2: zlib's format. */
  deflate: async (call) => answer(call, ['deflate']),
  /** What some servers send by that name: the stream without zlib's frame. */
  'deflate-raw': async (call) => answer(call, ['deflate-raw']),
  br: async (call) => answer(call, ['br']),
  zstd: async (call) => answer(call, ['zstd']),
  /** Brotli of gzip. */
  stacked: async (call) => answer(call, ['gzip', 'br']),
  'gzip-cut': async (call) => answer(call, ['gzip'], cutOff),
  'gzip-corrupt': async (call) => answer(call, ['gzip'], corrupt),
  /** `/coded/gzip,br,deflate`: any list, in the order applied. */
  coded: async (call) => answer(call, (call.segments[0] ?? '').split(',').filter(Boolean)),
}

type Damage = (bytes: Buffer) => Buffer

const KEPT_WHOLE = 4 * 1024 * 1024
const MOST_BYTES = 1024 * 1024 * 1024

/**
 * Without parameters a small JSON document; `size` bytes of the pattern of `seed`, or of zeros with
 * `fill=zero`. Beyond 4 MiB, and with `chunked`, without a Content-Length.
 */
async function answer(call: Call, codings: readonly string[], damage?: Damage): Promise<void> {
  const { params } = call
  const size = numberOf(params.get('size'), -1, [0, MOST_BYTES])
  const [source, type] = content(params, size, codings)
  const coded = codings.reduce(encode, Readable.from(source, { objectMode: false }))
  const names = codings.map((coding) => (coding === 'deflate-raw' ? 'deflate' : coding))
  const fields: Field[] = [['Content-Type', type]]
  const header = params.get('header') ?? names.join(', ')
  if (header !== '') fields.push(['Content-Encoding', header])
  if (size > KEPT_WHOLE || params.has('chunked')) {
    await sendChunks(call, coded, { fields })
    coded.destroy()
    return
  }
  // Streams of bytes give buffers.
  const whole = Buffer.concat(await (coded.toArray() as Promise<Buffer[]>))
  sendBytes(call, damage === undefined ? whole : damage(whole), { fields })
}

function content(
  params: URLSearchParams,
  size: number,
  codings: readonly string[],
): [source: Iterable<Uint8Array>, type: string] {
  if (size < 0) {
    const document = { codings, text: 'Ubiquest – überall. '.repeat(100) }
    return [[Buffer.from(JSON.stringify(document))], 'application/json']
  }
  const seed = numberOf(params.get('seed'), 0)
  const source = params.get('fill') === 'zero' ? zeros(size) : patternChunks(seed, 0, size)
  return [source, 'application/octet-stream']
}

function encode(source: Readable, coding: string): Readable {
  const encoder = makeEncoder(coding)
  source.on('error', (error) => encoder.destroy(error))
  encoder.once('close', () => source.destroy())
  return source.pipe(encoder)
}

function makeEncoder(coding: string): ReturnType<typeof createGzip> | ReturnType<typeof frameZstd> {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGzip()
    case 'deflate':
      return createDeflate()
    case 'deflate-raw':
      return createDeflateRaw()
    case 'br':
      return createBrotliCompress()
    case 'zstd':
      return frameZstd()
    default:
      throw new BadRequest(`unknown coding: ${coding}`)
  }
}

/** Ends in the middle of the deflate stream; Content-Length agrees with what is sent. */
function cutOff(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

/** Sound at the start, wrong in the middle and in the checksum. */
function corrupt(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = Math.floor(copy.length / 2); at < copy.length; at++) copy[at] = 0xff
  return copy
}

function* zeros(size: number): Generator<Uint8Array> {
  const block = new Uint8Array(65536)
  for (let at = 0; at < size; at += block.length) yield block.subarray(0, size - at)
}
