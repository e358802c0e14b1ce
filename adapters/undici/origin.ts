/**
 * The connections to one origin under one configuration. Undici's own pool hands a request to a new
 * socket while the last one is still turning free, so that even strictly sequential requests use
 * two; here a socket is free as soon as its answer is complete, and undici queues the next request
 * on it for that one turn of the event loop.
 */
import type { PoolSettings } from '../../src/ports.ts'
import { bare } from '../../src/own.ts'
import { timeConnection } from './connect-times.ts'
import { ConnectFailure } from './errors.ts'
import { handOver } from './hand-over.ts'
import { http2Options } from './http2-streams.ts'
import { fits } from './slot.ts'
import type { Job, PoolCounters, Slot, SlotOwner } from './slot.ts'
import type {
  ClientOptions,
  ConnectCallback,
  Connector,
  ConnectTarget,
  Socket,
  Undici,
} from './shims.ts'

/** More than twice as fast as without a bound at 500 requests in flight. */
const MAX_CONNECTIONS = 128
/** RFC 9113 §6.5.2 advises no fewer streams than this. */
const STREAMS = 100
const MAX_HEADERS = 64 * 1024

export interface OriginContext {
  readonly undici: Undici
  readonly settings: PoolSettings
  readonly http2: boolean
  readonly counters: PoolCounters
  /** Called when an idle connection is added or gone. */
  onIdle(slot: Slot, idle: boolean): void
  onEmpty(): void
}

export class OriginPool implements SlotOwner {
  readonly #base: string
  readonly #connect: Connector
  readonly #context: OriginContext
  readonly #max: number
  readonly #slots: Slot[] = []
  #queue: Job[] = []
  /** Whether one connection will carry many requests is known only when there is one: until then
   *  the others wait, or each would open a connection that is not needed. */
  #isUnsettled: boolean
  /** Sockets that are being connected, and requests that wait for one. */
  readonly #connecting = new Set<Socket>()
  #waiting = 0
  /** As many as the server has taken at a time. */
  #streams = STREAMS
  #closing: (() => void) | null = null
  /** What is being closed; kept only while the pool is. */
  readonly #closed: Promise<unknown>[] = []

  constructor(base: string, connect: Connector, context: OriginContext) {
    this.#base = base
    this.#connect = connect
    this.#context = context
    this.#max = context.settings.maxConnections ?? MAX_CONNECTIONS
    this.#isUnsettled = this.#mayShare
  }

  /** Undici refuses an idle time of 0, and what is closed in a moment may be used until then. */
  get #keepsNone(): boolean {
    return this.#context.settings.idleTimeout === 0
  }

  /** Undici sends one at a time for 0, too, and closes the connection after each. */
  get #pipelined(): number {
    return Math.max(1, this.#context.settings.pipelining ?? 1)
  }

  get busy(): number {
    let busy = 0
    for (const slot of this.#slots) if (slot.active > 0) busy += 1
    return busy
  }

  run(job: Job): void {
    this.#context.counters.requests += 1
    this.#waiting += 1
    if (job.isRepeated) this.#dropIdle()
    this.place(job)
  }

  /** A request that was counted before, and not sent. */
  place(job: Job): void {
    const slot = this.#freeSlot(job)
    if (slot === null) this.#queue.push(job)
    else this.#dispatch(job, slot)
  }

  retire(slot: Slot): void {
    slot.capacity = 0
    if (slot.active === 0) this.#remove(slot)
    this.#unsettle()
    this.#serve()
  }

  limit(slot: Slot, streams: number): void {
    if (slot.capacity === 0) return
    this.#streams = slot.capacity = Math.min(STREAMS, Math.max(1, streams))
    this.#serve()
  }

  /** The request has a socket. */
  started(slot: Slot): void {
    this.#waiting -= 1
    if (slot.answers > 0) this.#context.counters.reused += 1
  }

  /** The request failed while it waited: connections that nobody waits for are given up, or they
   *  would keep the process alive until the system loses patience. */
  abandoned(): void {
    this.#waiting -= 1
    if (this.#waiting > 0) return
    for (const socket of this.#connecting) socket.destroy(new Error('Nobody waits for it.'))
  }

  /** The request is done with its socket; a failed one leaves none behind. */
  release(slot: Slot, outcome: 'answered' | 'unused' | 'failed'): void {
    slot.active -= 1
    if (outcome === 'answered') slot.answers += 1
    const next = slot.active < slot.capacity ? this.#nextJob() : null
    if (next !== null) {
      if (fits(next, slot)) this.#dispatch(next, slot)
      else this.#queue.unshift(next)
    } else if (slot.active === 0) {
      if (slot.capacity === 0) this.retire(slot)
      else if (outcome === 'failed' || this.#closing !== null || this.#keepsNone) this.#remove(slot)
      else this.#context.onIdle(slot, true)
    }
  }

  /** Closes idle connections now and busy ones when they and the queue are done. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#closing = resolve
    })
    this.#dropIdle()
    this.#checkEmpty()
    await closed
    await Promise.all(this.#closed)
  }

  drop(slot: Slot): void {
    this.#remove(slot)
  }

  /** Where one was dead, the others of its age are too: a repetition has to come through. */
  #dropIdle(): void {
    for (const slot of [...this.#slots]) if (slot.active === 0) this.#remove(slot)
  }

  #freeSlot(job: Job): Slot | null {
    const slots = this.#slots
    let leaving = 0
    let isShared = false
    // By number: each step of an iterator may be an object, and there may be a thousand.
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]
      if (slot !== undefined && slot.active < slot.capacity && fits(job, slot)) return slot
      if (slot?.capacity === 0) leaving += 1
      if (slot?.http2 === true) isShared = true
    }
    // The next connection, too, will carry many.
    if (isShared && this.#connecting.size > 0) return null
    const max = this.#isUnsettled ? 1 : this.#max
    return slots.length - leaving < max ? this.#addSlot() : null
  }

  #nextJob(): Job | null {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      if (!job.isOver) return job
    }
    return null
  }

  #dispatch(job: Job, slot: Slot): void {
    if (slot.active === 0) this.#context.onIdle(slot, false)
    slot.active += 1
    job.slot = slot
    job.isForHTTP2 = slot.http2
    slot.client.dispatch(slot.http2 ? http2Options(job.options) : job.options, job)
  }

  #addSlot(): Slot {
    const { undici, settings, http2 } = this.#context
    const { idleTimeout } = settings
    const client = new undici.Client(
      this.#base,
      bare<ClientOptions>({
        connect: (target, callback) => this.#open(slot, target, callback),
        pipelining: settings.pipelining ?? 1,
        maxHeaderSize: MAX_HEADERS,
        headersTimeout: 0,
        bodyTimeout: 0,
        allowH2: http2,
        ...(idleTimeout === undefined || idleTimeout === 0
          ? {}
          : { keepAliveTimeout: idleTimeout, keepAliveMaxTimeout: idleTimeout }),
      }),
    )
    const slot: Slot = {
      client,
      origin: this,
      active: 0,
      capacity: this.#pipelined,
      isOpen: false,
      answers: 0,
      http2: false,
      timings: null,
    }
    client.on('disconnect', () => {
      // Of one over HTTP/2 undici says so several times.
      if (slot.isOpen) this.#context.counters.open -= 1
      slot.isOpen = false
      slot.answers = 0
      if (slot.active === 0) this.#remove(slot)
    })
    this.#slots.push(slot)
    return slot
  }

  #open(slot: Slot, target: ConnectTarget, callback: ConnectCallback): undefined {
    const times = timeConnection(target.protocol === 'https:')
    const socket = this.#connect(target, (error, connected) => {
      if (socket !== undefined) this.#connecting.delete(socket)
      if (error !== null || connected === undefined) {
        callback(error ?? new ConnectFailure('connect', null))
        return
      }
      this.#context.counters.created += 1
      this.#context.counters.open += 1
      slot.isOpen = true
      const http2 = connected.alpnProtocol === 'h2'
      if (http2 !== slot.http2) this.#speak(slot, http2)
      if (!http2) handOver(connected)
      slot.timings = times.done()
      callback(null, connected)
      // It is known now how many requests it carries: those that waited for that go on.
      this.#isUnsettled = false
      this.#serve()
    })
    if (socket !== undefined) {
      times.watch(socket)
      this.#connecting.add(socket)
    }
    return undefined
  }

  /** Servers are exchanged: the next connection may speak another version than the one before. */
  #speak(slot: Slot, http2: boolean): void {
    slot.http2 = http2
    slot.capacity = http2 ? this.#streams : this.#pipelined
    slot.client.pipelining = slot.capacity
  }

  get #mayShare(): boolean {
    return this.#context.http2 && this.#base.startsWith('https:')
  }

  /** Where none is left to take requests, the next one says how many those carry. */
  #unsettle(): void {
    if (this.#slots.every(({ capacity }) => capacity === 0)) this.#isUnsettled = this.#mayShare
  }

  #serve(): void {
    for (let job = this.#nextJob(); job !== null; job = this.#nextJob()) {
      const slot = this.#freeSlot(job)
      if (slot === null) {
        this.#queue.unshift(job)
        return
      }
      this.#dispatch(job, slot)
    }
  }

  #remove(slot: Slot): void {
    const at = this.#slots.indexOf(slot)
    if (at === -1) return
    this.#slots.splice(at, 1)
    this.#unsettle()
    this.#context.onIdle(slot, false)
    // Nothing is under way on it; undici reports no failure of a close.
    const closed = slot.client.close()
    if (this.#closing !== null) this.#closed.push(closed)
    this.#checkEmpty()
  }

  #checkEmpty(): void {
    if (this.#slots.length > 0 || this.#queue.length > 0 || this.#waiting > 0) return
    this.#context.onEmpty()
    this.#closing?.()
  }
}
