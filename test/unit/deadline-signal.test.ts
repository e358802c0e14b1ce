/** Many calls on one signal, and what a limit of time says. */
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { CallDeadline } from '../../src/deadline.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import type { TimeLimits } from '../../src/deadline-limits.ts'
import { TotalTimeoutError } from '../../src/errors.ts'
import type { Clock, Task, Ticket } from '../../src/ports.ts'

const NO_LIMITS: TimeLimits = { connect: null, read: null, total: null, readIsExplicit: false }
const about = { method: 'GET', url: new URL('http://a.test/') }

function open(signal: AbortSignal | null, limits: Partial<TimeLimits> = {}): CallDeadline {
  return new CallDeadline({ ...NO_LIMITS, ...limits }, signal, exactClock())
}

describe('the signal of a caller', () => {
  it('has one listener for ten thousand calls, and none when they are over', () => {
    const { signal } = new AbortController()
    const calls = Array.from({ length: 10_000 }, () => open(signal))
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    for (const call of calls) call.end()
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('ends every call that is under way, with its reason, and no other', () => {
    const controller = new AbortController()
    const calls = Array.from({ length: 100 }, () => open(controller.signal))
    const heard: unknown[] = []
    for (const call of calls) call.attempt(about).onFailure((reason) => heard.push(reason))
    calls[0]?.end()
    controller.abort('why')
    assert.deepEqual(heard, new Array(99).fill('why'))
    assert.equal(calls[0]?.failed, false)
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  })

  it('is listened to again by a call that comes after the others', () => {
    const controller = new AbortController()
    open(controller.signal).end()
    const later = open(controller.signal)
    controller.abort('why')
    assert.equal(later.reason, 'why')
  })

  it('survives a watcher that ends others while all are told', () => {
    const controller = new AbortController()
    const [one, other] = [open(controller.signal), open(controller.signal)]
    one.attempt(about).onFailure(() => {
      other.end()
    })
    controller.abort('why')
    assert.equal(one.failed, true)
    assert.equal(other.failed, false)
  })
})

/** Time that stands still until it is moved; one ticket at a time is enough here. */
class ManualClock implements Clock {
  #time = 0
  #task: Task | null = null
  now(): number {
    return this.#time
  }
  start(task: Task): Ticket {
    this.#task = task
    return { cancel: () => undefined }
  }
  move(milliseconds: number): void {
    this.#time += milliseconds
    if (typeof this.#task === 'function') this.#task()
    else this.#task?.ring()
  }
}

describe('a limit that is reached', () => {
  it('says how far the attempt had come', () => {
    const clock = new ManualClock()
    const call = new CallDeadline({ ...NO_LIMITS, total: 20 }, null, clock)
    const attempt = call.attempt(about)
    attempt.sent = 12
    attempt.received = 34
    clock.move(21)
    assert.ok(call.reason instanceof TotalTimeoutError)
    assert.match(call.reason.message, /^GET http:\/\/a\.test\/ took longer than 20 milliseconds/)
    assert.match(call.reason.message, /after 21 milliseconds with 12 bytes .* sent and 34 received/)
  })

  it('tells the time until the end of the attempt, not until it is asked', () => {
    const clock = new ManualClock()
    const attempt = new CallDeadline(NO_LIMITS, null, clock).attempt(about)
    clock.move(7)
    attempt.end()
    clock.move(100)
    assert.equal(attempt.elapsed, 7)
  })
})
