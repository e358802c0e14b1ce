/** Calls that say nothing, which take a way of their own in browsers: it may do nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { callPlatform } from '../../adapters/browser/call-platform.ts'
import { lightPlatform } from '../../adapters/browser/light.ts'
import { call } from '../../src/api.ts'
import { callLightly } from '../../src/api-light.ts'
import { InvalidURLError, RequestError } from '../../src/errors.ts'
import type { LightPlatform } from '../../src/light-call.ts'
import type { CallPlatform } from '../../src/ports.ts'
import type { Response as Answered } from '../../src/response.ts'
import { streamOf } from './adapters/fetch/fixtures.ts'

interface Answer extends ResponseInit {
  readonly headers?: Record<string, string>
  readonly body?: readonly string[]
  /** What comes after the body instead of its end. */
  readonly then?: Error
  readonly url?: string
  readonly redirected?: boolean
  readonly type?: ResponseType
  /** As of whatwg-fetch, which pages and tests put into the place of `fetch`. */
  readonly streamless?: true
}
type Call = (method: string, url: string) => Promise<Answered>

const baseUrl = (): string => 'https://page.test/folder/'
const platform: CallPlatform = { ...callPlatform, baseUrl }
const light: LightPlatform = {
  ...lightPlatform,
  pageUrl: baseUrl,
  full: (method, url, options) => call(platform, method, url, options),
}
const lightly: Call = (method, url) => callLightly(light, method, url)
const fully: Call = (method, url) => call(platform, method, url)

/** What a browser answers. */
function answered({ body = [], then, url = '', redirected = false, type, ...init }: Answer) {
  const { status = 200, streamless } = init
  const empty = status === 204 || (body.length === 0 && then === undefined)
  const chunks = body.map((text) => new TextEncoder().encode(text))
  const response = new Response(empty ? null : streamOf(chunks, then), init)
  return Object.defineProperties(response, {
    url: { value: url },
    redirected: { value: redirected },
    type: { value: type ?? 'basic' },
    ...(streamless ? { body: { value: undefined } } : {}),
  })
}

/** What `fetch` was asked for meanwhile. */
function watchFetch(t: TestContext, answer: typeof fetch): [string, RequestInit][] {
  const asked: [string, RequestInit][] = []
  t.mock.method(globalThis, 'fetch', (url: string, init: RequestInit) => {
    asked.push([url, init])
    return answer(url, init)
  })
  return asked
}

async function told(response: Answered): Promise<unknown> {
  const { history, elapsed, ...said } = response.toJSON()
  assert.ok(elapsed >= 0 && history.length === 0)
  const { timings, request } = response
  assert.ok(timings !== null && (timings.total ?? -1) >= timings.firstByte)
  return {
    ...said,
    ...{ body: await response.text(), encoding: response.encoding, links: response.links },
    ...{ redirected: response.redirected, used: response.bodyUsed, degraded: response.degraded },
    ...{ asked: [request?.method, request?.url, request?.body, request?.headers.pairs()] },
    ...{ version: response.httpVersion, type: response.type },
    native: response.status < 200 ? null : [...response.toResponse().headers],
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWERS: Readonly<Record<string, Answer>> = {
  'JSON in pieces': { headers: JSON_TYPE, body: ['{"a"', ':1}'] },
  'JSON of a known length': { headers: { ...JSON_TYPE, 'content-length': '7' }, body: ['{"a":1}'] },
  'pieces of a known length': { headers: { 'content-length': '4' }, body: ['ab', '', 'cd'] },
  'more than was announced': { headers: { 'content-length': '3' }, body: ['ab', 'cd', 'ef'] },
  'a length of nothing': { headers: { 'content-length': '0' }, body: ['x'] },
  'a response without a stream': { headers: JSON_TYPE, body: ['{"a"', ':1}'], streamless: true },
  'no body': {},
  'no content': { status: 204, headers: { 'content-length': '5' } },
  'an error': { status: 404, headers: { 'content-type': 'text/plain' }, body: ['none'] },
  links: { headers: { link: '<next>; rel=next' } },
  'a declared charset': {
    headers: { 'content-type': 'text/html' },
    body: ['<meta charset=koi8-r>'],
  },
  'a named charset': { headers: { 'content-type': 'text/plain; charset=latin1' }, body: ['x'] },
  'a coding the engine took off': {
    headers: { 'content-encoding': 'gzip', 'content-length': '20' },
    body: ['long'],
  },
  'a length from elsewhere': { type: 'cors', headers: { 'content-length': '20' }, body: ['long'] },
  'a redirect that was followed': { redirected: true, url: 'https://page.test/there' },
}

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`a call that says nothing is sent and answered like any other: ${name}`, async (t) => {
    const asked = watchFetch(t, async () => answered(answer))
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      const one = await lightly(method, ' file?a=1#part ')
      const other = await fully(method, ' file?a=1#part ')
      assert.deepEqual(await told(one), await told(other))
      const [lightInit, fullInit] = asked.splice(0).map(([url, init]) => {
        assert.deepEqual(inheritedNames(init), [])
        return {
          url,
          ...init,
          signal: init.signal?.aborted,
          headers: [...new Headers(init.headers)],
        }
      })
      assert.deepEqual(lightInit, fullInit)
    }
  })
}

/** Fetch would look up on a prototype whatever is not there. */
function inheritedNames(init: object): string[] {
  const names: string[] = []
  for (let at = parentOf(init); at !== null; at = parentOf(at)) {
    names.push(...Object.getOwnPropertyNames(at))
  }
  return names
}

function parentOf(object: object): object | null {
  // What is no object is null.
  return Object.getPrototypeOf(object) as object | null
}

/** The error of a call, and whether its signal was aborted. */
interface Failure extends Pick<RequestError, 'name' | 'code' | 'message' | 'request' | 'cause'> {
  readonly aborted: boolean | undefined
}

async function failure(t: TestContext, answer: typeof fetch, way: Call): Promise<Failure> {
  const asked = watchFetch(t, answer)
  const error = await way('GET', '/?token=abc').then(
    () => assert.fail('It did not fail.'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof RequestError)
  const { name, code, message, request, cause } = error
  const [, init] = asked[0] ?? []
  t.mock.restoreAll()
  return {
    name,
    code,
    message: message.replace(/after \d+ m/, 'after m'),
    request,
    cause,
    aborted: init?.signal?.aborted,
  }
}

const LARGE = { 'content-length': String(200 * 1024 * 1024) }
const FAILURES: Readonly<Record<string, () => Promise<Response>>> = {
  'no connection': async () => {
    throw new TypeError('Failed to fetch https://page.test/?token=abc')
  },
  'no promise': () => {
    throw new TypeError('Illegal invocation')
  },
  'a broken body': async () => answered({ body: ['ab'], then: new TypeError('network error') }),
  'an announced body that breaks': async () =>
    answered({ headers: { 'content-length': '3' }, body: ['ab'], then: new TypeError('cut') }),
  'a body cut short': async () => answered({ headers: { 'content-length': '3' }, body: ['ab'] }),
  'a body that is too large': async () => answered({ headers: LARGE, body: ['ab'] }),
}

for (const [name, answer] of Object.entries(FAILURES)) {
  test(`a call that says nothing fails like any other: ${name}`, async (t) => {
    assert.deepEqual(await failure(t, answer, lightly), await failure(t, answer, fully))
  })
}

test('what grows too large is given up', async (t) => {
  const piece = new Uint8Array(30 * 1024 * 1024)
  for (const way of [lightly, fully]) {
    let cancelled: unknown
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(piece),
      cancel: (reason) => void (cancelled = reason),
    })
    watchFetch(t, async () => new Response(body))
    await assert.rejects(way('GET', '/'), { name: 'BodyTooLargeError' })
    assert.ok(cancelled instanceof RequestError)
    t.mock.restoreAll()
  }
})

/** Calls whose answer does not come, or not to its end; time passes as it is told to. */
async function silent(t: TestContext, head: boolean, way: Call): Promise<Failure> {
  let now = 1000
  t.mock.timers.enable({ apis: ['setTimeout'] })
  t.mock.method(performance, 'now', () => now)
  const failing = failure(
    t,
    async (_url, { signal } = {}) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(2))
          signal?.addEventListener('abort', () => controller.error(new Error('aborted')))
        },
      })
      return head ? new Response(body) : new Promise(() => undefined)
    },
    way,
  )
  // Ten seconds at a time, as far as the longest limit.
  for (let ticks = 0; ticks < 8; ticks += 1) {
    // Whatever was waiting for the last tick goes first.
    await new Promise(setImmediate)
    now += 10_000
    t.mock.timers.tick(10_000)
  }
  t.mock.timers.reset()
  return failing
}

for (const head of [false, true]) {
  const where = head ? 'in the middle of a body' : 'before the answer'
  test(`silence ${where} ends a call that says nothing like any other`, async (t) => {
    const one = await silent(t, head, lightly)
    assert.deepEqual(one, await silent(t, head, fully))
    assert.deepEqual([one.code, one.aborted], ['READ_TIMEOUT', true])
  })
}

test('an answer that comes too late is let go', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let cancelled = false
  let answer = (_response: Response): void => undefined
  const failing = failure(t, () => new Promise((resolve) => (answer = resolve)), lightly)
  t.mock.timers.tick(70_000)
  await failing
  answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })))
  await new Promise(setImmediate)
  assert.ok(cancelled)
})

test('what is wrong with a URL is said in the same words', async (t) => {
  const asked = watchFetch(t, async () => new Response())
  for (const url of ['ftp://host/', 'http://', 5 as never]) {
    const one = await lightly('GET', url).catch((error: unknown) => error)
    const other = await fully('GET', url).catch((error: unknown) => error)
    assert.ok(one instanceof InvalidURLError)
    assert.deepEqual(one, other)
  }
  assert.equal(asked.length, 0)
  await lightly('GET', 'https://me:secret@page.test/')
  assert.ok(new Headers(asked[0]?.[1].headers).has('authorization'))
})

test('options that say nothing are no options, and others are obeyed', async (t) => {
  const asked = watchFetch(t, async () => new Response())
  await callLightly(light, 'GET', '/', { params: undefined })
  await callLightly(light, 'GET', '/', { params: { a: 1 } })
  assert.deepEqual(
    asked.map(([url]) => url),
    ['https://page.test/', 'https://page.test/?a=1'],
  )
})
