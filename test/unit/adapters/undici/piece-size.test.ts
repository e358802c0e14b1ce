/** How much of an upload is handed to the socket at a time. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PieceSize } from '../../../../adapters/undici/piece-size.ts'

const SMALL = 256 * 1024
const MIB = 1024 * 1024

describe('the size of pieces', () => {
  it('grows when more has gone at speed than the buffers of both sides hold', () => {
    const size = new PieceSize()
    for (let sent = 0; sent < 16 * MIB; sent += SMALL) {
      assert.equal(size.bytes, SMALL)
      size.taken(SMALL, 1)
    }
    assert.equal(size.bytes, MIB)
    size.taken(MIB, 99)
    assert.equal(size.bytes, MIB)
  })

  it('is small again as soon as a piece takes its time', () => {
    const size = new PieceSize()
    size.taken(64 * MIB, 0)
    assert.equal(size.bytes, MIB)
    size.taken(MIB, 101)
    assert.equal(size.bytes, SMALL)
    size.taken(SMALL, 1)
    assert.equal(size.bytes, SMALL)
  })

  it('stays small for a peer that is slow all the time', () => {
    const size = new PieceSize()
    for (let sent = 0; sent < 64 * MIB; sent += SMALL) size.taken(SMALL, 26)
    assert.equal(size.bytes, SMALL)
  })
})
