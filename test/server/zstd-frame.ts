/** Zstandard without compressing (RFC 8878 §3.1): raw blocks, since not every Node has an encoder. */
import { Transform } from 'node:stream'

/** Magic number, then a header with neither size nor checksum and a window of 128 KiB. */
const HEADER = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])
const MAX_BLOCK = 128 * 1024

export function frameZstd(): Transform {
  let started = false
  const start = (stream: Transform): void => {
    if (!started) stream.push(HEADER)
    started = true
  }
  return new Transform({
    transform(chunk: Buffer, encoding, done) {
      start(this)
      for (let at = 0; at < chunk.length; at += MAX_BLOCK) {
        const block = chunk.subarray(at, at + MAX_BLOCK)
        this.push(blockHeader(block.length, false))
        this.push(block)
      }
      done()
    },
    flush(done) {
      start(this)
      this.push(blockHeader(0, true))
      done()
    },
  })
}

/** RFC 8878 §3.1.1.2: last-block flag, type 0 (raw), size; three bytes, least first. */
function blockHeader(size: number, last: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (last ? 1 : 0), 0, 3)
  return header
}
