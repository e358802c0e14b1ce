/** How many bytes of a request body are handed to the socket at a time. */

/** Progress and silence are seen piece by piece, so that pieces have to be small for a slow peer. */
const SMALL = 256 * 1024
/** A quarter of the turns through the program: 1.3 times as fast from disk on Node 20. */
const LARGE = 1024 * 1024
/** What has gone at speed before pieces become large: more than the buffers of both sides take. */
const PROVEN = 16 * 1024 * 1024
/** Bytes per millisecond: at 10 MiB per second, a large piece is gone in a tenth of one. */
const FAST = (10 * 1024 * 1024) / 1000

export class PieceSize {
  /** Bytes in a row that were taken at speed. */
  #fast = 0

  get bytes(): number {
    return this.#fast >= PROVEN ? LARGE : SMALL
  }

  /** The socket took a piece within so many milliseconds. */
  taken(bytes: number, milliseconds: number): void {
    this.#fast = bytes < milliseconds * FAST ? 0 : this.#fast + bytes
  }
}
