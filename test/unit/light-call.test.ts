/** Calls that say nothing, which take a way of their own in browsers: it may do nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserCapabilities } from '../../adapters/browser/capabilities.ts'
import { call } from '../../src/api.ts'
import { callLightly } from '../../src/api-light.ts'
import { exactClock } from '../../src/deadline-clock.ts'
import { InvalidURLError } from '../../src/errors.ts'
import type { LightPlatform } from '../../src/light-call.ts'
import type { CallPlatform, HeaderPairs, Transport, WireRequest } from '../../src/ports.ts'
import type { Response } from '../../src/response.ts'
import { FakeBody } from './decode/fakes.ts'

interface Answer {
  readonly status?: number
  readonly headers?: HeaderPairs
  readonly body?: readonly string[]
  readonly redirected?: boolean
}

class Page {
  readonly requests: WireRequest[] = []
  readonly platform: CallPlatform
  readonly light: LightPlatform

  constructor({ status = 200, headers = [], body = [], redirected = false }: Answer) {
    const send: Transport['send'] = (request) => {
      this.requests.push(request)
      const undone = headers
        .filter(([name]) => name === 'content-encoding')
        .map(([, value]) => value)
      return Promise.resolve({
        status,
        statusText: 'Fine',
        headers,
        undone,
        url: redirected ? 'https://page.test/there' : null,
        redirected,
        httpVersion: null,
        body: new FakeBody(...body),
      })
    }
    const baseUrl = (): string => 'https://page.test/folder/'
    const transport = { capabilities: browserCapabilities, send, close: () => Promise.resolve() }
    this.platform = {
      runtime: 'browser',
      defaultHeaders: [],
      clock: exactClock(),
      sharedTransport: () => transport,
      baseUrl,
    }
    this.light = {
      runtime: 'browser',
      clock: this.platform.clock,
      pageUrl: baseUrl,
      send,
      full: (method, url, options) => call(this.platform, method, url, options),
    }
  }
}

async function told(response: Response): Promise<unknown> {
  const { history, elapsed, ...said } = response.toJSON()
  assert.ok(elapsed >= 0 && history.length === 0)
  return {
    ...said,
    ...{ body: await response.text(), encoding: response.encoding, links: response.links },
    ...{ redirected: response.redirected, used: response.bodyUsed, degraded: response.degraded },
    native: [...response.toResponse().headers],
  }
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  'JSON in pieces': { headers: [['content-type', 'application/json']], body: ['{"a"', ':1}'] },
  'an error': { status: 404, headers: [['content-type', 'text/plain']], body: ['none'] },
  links: { headers: [['link', '<next>; rel=next']] },
  'a declared charset': {
    headers: [['content-type', 'text/html']],
    body: ['<meta charset=koi8-r>'],
  },
  'a named charset': { headers: [['content-type', 'text/plain; charset=latin1']], body: ['x'] },
  'a coding the engine took off': {
    headers: [
      ['content-encoding', 'gzip'],
      ['content-length', '20'],
    ],
    body: ['long'],
  },
  'a redirect that was followed': { redirected: true },
}

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`a call that says nothing is sent and answered like any other: ${name}`, async () => {
    const light = new Page(answer)
    const full = new Page(answer)
    for (const method of ['GET', 'DELETE']) {
      const one = await callLightly(light.light, method, ' file?a=1#part ')
      const other = await call(full.platform, method, ' file?a=1#part ')
      assert.deepEqual(await told(one), await told(other))
    }
    const wire = ({ requests }: Page): unknown =>
      requests.map(({ deadline, closeAfter = false, expectContinue = false, ...request }) => {
        assert.equal(deadline.failed, false)
        return { bufferUpload: 0, ...request, closeAfter, expectContinue }
      })
    assert.deepEqual(wire(light), wire(full))
  })
}

test('what is wrong with a URL is said in the same words', async () => {
  const { light: page, platform, requests } = new Page({})
  for (const url of ['ftp://host/', 'http://', 5 as never]) {
    const light = await callLightly(page, 'GET', url).catch((error: unknown) => error)
    const full = await call(platform, 'GET', url).catch((error: unknown) => error)
    assert.ok(light instanceof InvalidURLError)
    assert.deepEqual(light, full)
  }
  assert.equal(requests.length, 0)
  await callLightly(page, 'GET', 'https://me:secret@page.test/')
  assert.equal(requests[0]?.headers[0]?.[0], 'Authorization')
})

test('options that say nothing are no options, and others are obeyed', async () => {
  const { light: page, requests } = new Page({})
  await callLightly(page, 'GET', '/', { params: undefined })
  await callLightly(page, 'GET', '/', { params: { a: 1 } })
  assert.deepEqual(
    requests.map(({ url }) => url.href),
    ['https://page.test/', 'https://page.test/?a=1'],
  )
})
