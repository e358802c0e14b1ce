/** Transports over a function: mounts, in-process apps, mocks. */
import { equal, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

export const cases: readonly Case[] = [
  {
    name: 'sessions: the longest mounted prefix answers',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const own = session()
      const named = (name: string) =>
        requests.handlerTransport(async (request) =>
          Response.json([name, request.method, await request.text(), request.headers.get('x-a')]),
        )
      own.mount('https://', named('https'))
      own.mount('https://api.test/', named('api'))
      own.mount('https://api.test/v2/', named('v2'))
      equal(await (await own.get('https://other.test/')).json(), ['https', 'GET', '', null])
      const options = { data: 'x', headers: { 'X-A': 'ä' } }
      equal(await (await own.post('https://API.test/v1', options)).json(), [
        'api',
        'POST',
        'x',
        'ä',
      ])
      equal((await (await own.get('https://api.test/v2/x')).json<string[]>())[0], 'v2')
      equal(own.getTransport('https://api.test/v1'), own.getTransport('https://api.test/'))
    },
  },
  {
    name: 'sessions: the prefix of a mount is spelt as a URL may be',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const rows = [
        ['http://api.test:80/', 'http://api.test/'],
        ['https://API.test:443', 'https://api.test/'],
        ['http://api.test:8080', 'http://api.test:8080/x'],
        ['https://b\u00fccher.test/a b/', 'https://b\u00fccher.test/a b/c'],
        ['http://ap', 'http://api.test/'],
        ['http://', 'http://api.test:81/'],
      ] as const
      for (const [prefix, url] of rows) {
        const own = session()
        const transport = requests.handlerTransport(() => new Response(prefix))
        own.mount(prefix, transport)
        equal(own.getTransport(url), transport)
        ok(own.getTransport('http://other.test/') !== transport || prefix === 'http://')
        ok(own.getTransport('https://api.test.evil.test/') !== transport)
      }
    },
  },
  {
    name: 'sessions: a handler sees the whole request, its answer is an answer like any other',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const own = session({ baseUrl: 'http://app.test/base/' })
      const app = {
        calls: 0,
        fetch(request: Request): Response {
          this.calls += 1
          if (request.url.endsWith('/throw')) throw new RangeError('of the app')
          const cookie = request.headers.get('cookie')
          return new requests.Response(`${request.url} ${String(cookie)}`, {
            status: 201,
            headers: [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['X-Y', 'z']], // prettier-ignore
          })
        },
      }
      own.mount('http://app.test/', requests.handlerTransport(app))
      const response = await own.get('x', { cookies: { c: '3' } })
      equal([response.status, await response.text()], [201, 'http://app.test/base/x c=3'])
      equal(response.headers.getSetCookie(), ['a=1', 'b=2'])
      equal([response.headers.get('x-y'), response.url], ['z', 'http://app.test/base/x'])
      await rejects(own.get('throw'), RangeError, { message: /of the app/ })
      const reason = new Error('changed my mind')
      await rejects(own.get('x', { signal: AbortSignal.abort(reason) }), Error, {
        message: /changed/,
      })
      equal(app.calls, 2)
    },
  },
  {
    name: 'sessions: a handler may be slower than the limit, and its answer broken off',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const own = session()
      const never = requests.handlerTransport(() => new Promise<Response>(() => undefined))
      own.mount('http://slow.test/', never)
      const limits = { timeout: { connect: 20, read: 20 } }
      await rejects(own.get('http://slow.test/', limits), requests.errors.TimeoutError)
    },
  },
]
