/** A connection, what goes over it, and what is counted. */
import type { WireTimings } from '../../src/ports.ts'
import type { Client, DispatchOptions, Handler } from './shims.ts'

export interface Job extends Handler {
  /** Its caller has been answered already: skip it. */
  readonly isOver: boolean
  /** Sent again because an idle connection was dead. */
  readonly isRepeated: boolean
  readonly options: DispatchOptions
  slot: Slot | null
  /** Handed over as HTTP/2 takes it; its connection may turn out to speak another version. */
  isForHTTP2: boolean
}

/** The pool of its origin. */
export interface SlotOwner {
  drop(slot: Slot): void
  /** The server takes no more requests over it, and answers those that it has. */
  retire(slot: Slot): void
  /** The server takes so many requests over it at a time. */
  limit(slot: Slot, streams: number): void
}

/** One undici client, which is one socket at a time. */
export interface Slot {
  readonly client: Client
  readonly origin: SlotOwner
  /** Requests under way. */
  active: number
  /** How many it can carry at a time; 0 once the server takes no more. */
  capacity: number
  isOpen: boolean
  /** Answers that its present socket has brought. */
  answers: number
  http2: boolean
  /** Of its present socket. */
  timings: WireTimings | null
}

/** Counters of a pool; `idle` is computed from the rest. */
export interface PoolCounters {
  open: number
  idle: number
  created: number
  reused: number
  requests: number
}

/** Over HTTP/2 undici sends a body that comes piece by piece only where nothing else is under way, and
 *  keeps back what comes after it. */
export function fits({ options: { body } }: Job, { active, http2 }: Slot): boolean {
  return !http2 || active === 0 || body === null || body instanceof Uint8Array
}
