/** Sessions: defaults, merging, base URL, prepared requests, hooks, keep-alive. */
import { equal, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, sent } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'sessions: defaults go with every call, a call wins and is not kept',
    run: async ({ session, servers }) => {
      const own = session({ headers: { 'X-A': 'session', 'X-B': 'session' }, params: { p: 1 } })
      const url = `${servers.http}/echo`
      const first = await readEcho(await own.get(url, { headers: { 'x-a': 'call', 'X-B': null } }))
      equal([sent(first, 'x-a'), sent(first, 'x-b'), first.url], [['call'], [], '/echo?p=1'])
      const second = await readEcho(await own.get(url, { params: { p: 2, q: 3 } }))
      equal([sent(second, 'x-a'), second.url], [['session'], '/echo?p=2&q=3'])
    },
  },
  {
    name: 'sessions: baseUrl is a directory that no call leaves',
    run: async ({ session, servers, requests }) => {
      const own = session({ baseUrl: `${servers.http}/anything/v1` })
      for (const path of ['users', '/users', 'users?x=1', '']) {
        const echo = await readEcho(await own.get(path))
        equal(echo.url, `/anything/v1${path === '' ? '' : `/${path.replace(/^\//, '')}`}`)
      }
      const { InvalidURLError } = requests.errors
      for (const path of ['../v2', '%2e%2e/x', '//127.0.0.1/x', `${servers.other}/echo`]) {
        await rejects(own.get(path), InvalidURLError)
      }
    },
  },
  {
    name: 'sessions: allowAbsoluteUrls leaves, but without the secrets of the session',
    run: async ({ session, servers }) => {
      const own = session({
        baseUrl: servers.http,
        allowAbsoluteUrls: true,
        auth: ['user', 'secret'],
        headers: { 'X-API-Key': 'secret', 'X-Plain': 'seen' },
      })
      const home = await readEcho(await own.get('/echo'))
      equal([sent(home, 'authorization').length, sent(home, 'x-api-key')], [1, ['secret']])
      const abroad = await readEcho(await own.get(`${servers.other}/echo`))
      equal(
        [sent(abroad, 'authorization'), sent(abroad, 'x-api-key'), sent(abroad, 'x-plain')],
        [[], [], ['seen']],
      )
    },
  },
  {
    name: 'sessions: a prepared request can be looked at, changed and sent',
    run: async ({ session, requests, servers }) => {
      const own = session({ headers: { 'X-Session': 'yes' } })
      const prepared = own.prepareRequest(
        new requests.Request('post', `${servers.http}/echo`, { json: { a: 1 }, auth: ['u', 'p'] }),
      )
      equal(prepared.method, 'POST')
      equal(prepared.headers.get('content-type'), 'application/json')
      equal(prepared.headers.get('authorization'), 'Basic dTpw')
      prepared.headers.set('X-Changed', '1')
      prepared.body = 'other'
      prepared.method = 'put'
      const response = await own.send(prepared)
      const echo = await readEcho(response)
      equal([echo.method, bodyText(echo), sent(echo, 'x-changed')], ['PUT', 'other', ['1']])
      equal(sent(echo, 'content-type'), ['application/json'])
      equal(sent(echo, 'x-session'), ['yes'])
      equal(response.request?.method, 'PUT')
      equal(response.request?.headers.get('x-changed'), '1')
    },
  },
  {
    name: 'sessions: hooks see and change request and response',
    run: async ({ session, requests, servers }) => {
      const own = session({
        hooks: {
          request: (request) => {
            request.headers.set('X-Hook', 'session')
          },
        },
      })
      const response = await own.get(`${servers.http}/echo`, {
        hooks: {
          request: async (request) => {
            await Promise.resolve()
            request.headers.set('X-Hook', `${request.headers.get('x-hook') ?? ''} call`)
          },
          response: async (answer) =>
            new requests.Response(JSON.stringify(sent(await readEcho(answer), 'x-hook'))),
        },
      })
      equal(await response.json(), ['session call'])
    },
  },
  {
    name: 'sessions: one connection serves calls in a row',
    needs: ['pool'],
    run: async ({ session, servers }) => {
      const own = session()
      const connections = new Set<number>()
      for (let count = 0; count < 10; count++) {
        connections.add((await readEcho(await own.get(`${servers.http}/echo`))).connection)
      }
      connections.add(
        (await readEcho(await own.post(`${servers.http}/echo`, { data: 'x'.repeat(100_000) })))
          .connection,
      )
      ok(connections.size <= 2, `11 calls over ${String(connections.size)} connections`)
    },
  },
  {
    name: 'sessions: session.fetch is a fetch',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const { fetch } = session({ headers: { 'X-Session': 'yes' } })
      const response = await fetch(`${servers.http}/echo`, { method: 'POST', body: 'abc' })
      ok(response instanceof globalThis.Response)
      const echo = (await response.json()) as Awaited<ReturnType<typeof readEcho>>
      equal([echo.method, bodyText(echo), sent(echo, 'x-session')], ['POST', 'abc', ['yes']])
      equal((await fetch(`${servers.http}/status/404`)).status, 404)
      await rejects(fetch(`${servers.refused}/x`), TypeError, { message: /fetch failed/ })
    },
  },
  {
    name: 'sessions: a polluted Object.prototype changes nothing',
    run: async ({ session, servers }) => {
      const polluted = Object.prototype as Record<string, unknown>
      polluted['auth'] = ['evil', 'x']
      polluted['maxBytes'] = 1
      try {
        const echo = await readEcho(await session().get(`${servers.http}/echo`, {}))
        equal(sent(echo, 'authorization'), [])
      } finally {
        delete polluted['auth']
        delete polluted['maxBytes']
      }
    },
  },
]
