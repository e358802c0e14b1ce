/** The pump: order, joining, the promise of a length, and who is told when it is left. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeText } from '../../../src/as-bytes.ts'
import { pumpBody } from '../../../src/body/pump.ts'
import { streamSource } from '../../../src/body/stream-source.ts'
import type { BodyPiece, OpenBody, OpenFile } from '../../../src/ports.ts'
import { readChunks, text } from './read-body.ts'

const MISMATCH = { name: 'RequestError', code: 'CONTENT_LENGTH_MISMATCH' }

test('small neighbours are joined, large chunks are passed on uncopied', async () => {
  const large = new Uint8Array(100_000)
  const chunks = await readChunks(
    open(null, [bytes('a'), bytes(''), bytes('b'), { kind: 'bytes', bytes: large }, bytes('c')]),
  )
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [2, 100_000, 1],
  )
  assert.equal(chunks[1]?.buffer, large.buffer)
})

test('joined chunks stay within 64 KiB', async () => {
  const piece: BodyPiece = { kind: 'bytes', bytes: new Uint8Array(30_000) }
  const chunks = await readChunks(open(null, [piece, piece, piece, piece, piece]))
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [60_000, 60_000, 30_000],
  )
})

test('a head does not wait for a stream that is slow', async () => {
  const never = stream(null, [new Promise(() => undefined)])
  const pump = pumpBody(open(null, [bytes('head'), never]))
  assert.equal(text((await pump.next()).value ?? new Uint8Array()), 'head')
})

test('a Blob is read whole and in slices', async () => {
  const random = crypto.getRandomValues(new Uint8Array(60_000))
  const parts = Array.from({ length: 20 }, () => random)
  const chunks = await readChunks(open(1_200_000, [{ kind: 'blob', blob: new Blob(parts) }]))
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [524_288, 524_288, 151_424],
  )
  assert.ok(Buffer.concat(chunks).equals(Buffer.concat(parts)))
})

for (const [what, length, promised] of [
  ['its own length', 3, 3],
  ['the length of the body', 3, null],
  ['the length of the body beside other pieces', 5, null],
] as const) {
  const around = length === 5 ? [bytes('<'), bytes('>')] : []
  const [head, tail] = [around.slice(0, 1), around.slice(1)]
  const body = (chunks: unknown[]): OpenBody =>
    open(length, [...head, stream(promised, chunks), ...tail])

  test(`a stream as long as ${what} is given whole`, async () => {
    assert.equal(
      text(Buffer.concat(await readChunks(body(['ab', 'c', ''])))).replace(/[<>]/g, ''),
      'abc',
    )
  })
  test(`a stream longer than ${what} fails before it could complete a request`, async () => {
    for (const chunks of [['ab', 'cd'], ['abc', 'd'], ['abcd'], ['a', 'b', 'c', 'd']]) {
      let given = 0
      await assert.rejects(async () => {
        for await (const chunk of pumpBody(body(chunks))) given += chunk.length
      }, MISMATCH)
      assert.ok(given < length, `${String(given)} bytes were given`)
    }
  })
  test(`a stream shorter than ${what} fails`, async () => {
    await assert.rejects(readChunks(body(['a', 'b'])), MISMATCH)
  })
}

test('two streams may share one promised length', async () => {
  const pieces = (): BodyPiece[] => [stream(null, ['ab']), bytes('-'), stream(null, ['c', 'd'])]
  assert.equal(text(Buffer.concat(await readChunks(open(5, pieces())))), 'ab-cd')
  await assert.rejects(readChunks(open(4, pieces())), MISMATCH)
  await assert.rejects(readChunks(open(2, pieces())), MISMATCH)
  await assert.rejects(readChunks(open(6, pieces())), MISMATCH)
})

test('pieces at hand that do not make up the length fail', async () => {
  await assert.rejects(readChunks(open(1, [bytes('ab')])), MISMATCH)
  await assert.rejects(readChunks(open(3, [bytes('ab')])), MISMATCH)
})

test('a file that shrinks or changes its size fails before its last bytes', async () => {
  await assert.rejects(readChunks(open(4, [file('abc', 4)])), MISMATCH)
  let given = 0
  await assert.rejects(async () => {
    const body = open(4, [file('abcd', 4, true)])
    for await (const chunk of pumpBody(body)) given += chunk.length
  }, MISMATCH)
  assert.equal(given, 0)
  assert.equal(text(Buffer.concat(await readChunks(open(4, [file('abcd', 4)])))), 'abcd')
})

test('leaving early runs the finally of the generator that is being read', async () => {
  const log: string[] = []
  const body = streamSource(
    (async function* () {
      try {
        yield 'a'
        yield 'b'
      } finally {
        await Promise.resolve()
        log.push('finally')
      }
    })(),
  )
  for await (const chunk of pumpBody(await body.open())) {
    log.push(text(chunk))
    break
  }
  assert.deepEqual(log, ['a', 'finally'])
})

test('what a source throws comes out as it is', async () => {
  const own = new Error('own')
  const body = streamSource(
    (function* () {
      yield 'a'
      throw own
    })(),
  )
  await assert.rejects(readChunks(await body.open()), (error) => error === own)
})

function open(length: number | null, pieces: BodyPiece[]): OpenBody {
  return { length, pieces, close: () => undefined }
}

function bytes(content: string): BodyPiece {
  return { kind: 'bytes', bytes: encodeText(content) }
}

/** Each chunk comes by itself, as from the network. */
function stream(length: number | null, chunks: readonly unknown[]): BodyPiece {
  async function* generate(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield encodeText(String(await chunk))
  }
  return { kind: 'stream', length, chunks: generate() }
}

function file(content: string, end: number, changed = false): BodyPiece {
  async function* read(): AsyncGenerator<Uint8Array> {
    await Promise.resolve()
    yield encodeText(content)
  }
  const opened: OpenFile = { size: end, read, changed: () => changed, close: () => undefined }
  return { kind: 'file', file: opened, start: 0, end }
}
