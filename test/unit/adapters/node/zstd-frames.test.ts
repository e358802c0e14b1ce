/** Where a Zstandard stream ends. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ZstdFrames } from '../../../../adapters/node/zstd-frames.ts'

/** A raw block of three bytes and the last one, of a repeated byte; with a checksum. */
const FRAME = [
  ...[0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x08],
  ...[0x18, 0, 0, 1, 2, 3],
  ...[0x2b, 0, 0, 9],
  ...[1, 2, 3, 4],
]
const SKIPPABLE = [0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]
/** With a window, a dictionary of two bytes, a size of two; one empty block. */
const OTHER = [0x28, 0xb5, 0x2f, 0xfd, 0x42, 0, 1, 1, 0, 0, 1, 0, 0]

function isComplete(bytes: readonly number[], size: number): boolean {
  const frames = new ZstdFrames()
  for (let at = 0; at < bytes.length;) {
    at += frames.push(Uint8Array.from(bytes.slice(at, at + size)))
  }
  return frames.isComplete
}

it('is found however the bytes are cut', () => {
  for (const stream of [FRAME, SKIPPABLE, OTHER, [...FRAME, ...SKIPPABLE, ...OTHER, ...FRAME]]) {
    for (const size of [1, 3, 100]) assert.ok(isComplete(stream, size))
  }
})

it('is missed by a stream that is shorter, by whatever it is', () => {
  for (const stream of [FRAME, SKIPPABLE, OTHER]) {
    for (let length = 1; length < stream.length; length++) {
      assert.equal(isComplete(stream.slice(0, length), 2), false)
    }
  }
})

it('ends what is read in one go', () => {
  const frames = new ZstdFrames()
  const twice = Uint8Array.from([...FRAME, ...FRAME])
  assert.equal(frames.push(twice), FRAME.length)
  assert.equal(frames.push(twice.subarray(FRAME.length)), FRAME.length)
})

it('is not found in what is no frame', () => {
  assert.equal(isComplete([1, 2, 3, 4], 1), false)
  assert.equal(isComplete([...FRAME, 0, 0, 0, 0], 5), false)
})
