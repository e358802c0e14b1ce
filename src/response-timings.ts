/** How long a response took, step by step (leaf of the response). Milliseconds. */
import type { WireTimings } from './ports.ts'

/** `null` where the runtime does not tell, 0 where an open connection was used. */
export interface Timings extends WireTimings {
  /** From sending to the head of the answer. */
  readonly firstByte: number
  /** From sending to the end of the body; null while that has not been read. */
  readonly total: number | null
}

/** What is asked for the end of the body. */
export interface Attempt {
  readonly ended: boolean
  readonly elapsed: number
}

export class ResponseTimings implements Timings {
  readonly dns: number | null
  readonly connect: number | null
  readonly tls: number | null
  readonly firstByte: number
  readonly #attempt: Attempt

  constructor(wire: WireTimings | undefined, firstByte: number, attempt: Attempt) {
    this.dns = wire?.dns ?? null
    this.connect = wire?.connect ?? null
    this.tls = wire?.tls ?? null
    this.firstByte = firstByte
    this.#attempt = attempt
  }

  get total(): number | null {
    // A small answer is complete before its head has been looked at.
    return this.#attempt.ended ? Math.max(this.firstByte, this.#attempt.elapsed) : null
  }
}
