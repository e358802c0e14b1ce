/** Sessions as users of `requests` know them: attributes, merging, hooks, mounts, the environment. */
import { equal, match, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, sent } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'sessions: every default is an attribute that holds from the next call on',
    run: async ({ session, requests, servers }) => {
      const own = session()
      const url = `${servers.http}/echo`
      own.auth = ['user', 'pass']
      own.params = { a: 1 }
      own.headers.set('X-Session', 'yes')
      own.hooks = {
        response: (response) => {
          response.headers.set('X-Hooked', '1')
        },
      }
      const first = await own.get(url)
      const echo = await readEcho(first)
      equal([echo.url, sent(echo, 'x-session')], ['/echo?a=1', ['yes']])
      equal(sent(echo, 'authorization'), ['Basic dXNlcjpwYXNz'])
      equal(first.headers.get('x-hooked'), '1')
      own.auth = null
      own.params = undefined
      own.baseUrl = servers.http
      own.raiseForStatus = true
      equal(sent(await readEcho(await own.get('echo')), 'authorization'), [])
      await rejects(own.get('status/404'), requests.errors.HTTPError)
      own.stream = true
      own.timeout = { read: 5000 }
      notOk((await own.get('echo')).bodyUsed)
      own.maxBytes = 3
      await rejects((await own.get('echo')).text(), requests.errors.BodyTooLargeError)
    },
  },
  {
    name: 'sessions: maxRedirects of the session, and of a call over it',
    needs: ['manualRedirect'],
    run: async ({ session, requests, servers }) => {
      const own = session({ maxRedirects: 1 })
      const url = `${servers.http}/redirect/2`
      await rejects(own.get(url), requests.errors.TooManyRedirectsError)
      equal((await own.get(url, { maxRedirects: 2 })).status, 200)
      own.allowRedirects = false
      equal((await own.get(url)).status, 302)
      equal((await own.get(url, { allowRedirects: true, maxRedirects: 5 })).status, 200)
    },
  },
  {
    name: 'sessions: null is no way to say that verification is off',
    run: async ({ session, servers }) => {
      for (const verify of [null, 0, '']) {
        // No type allows it; a caller in JavaScript does it all the same.
        const options = { verify } as object
        await rejects(session().get(`${servers.http}/echo`, options), TypeError, {
          message: /verify/,
        })
        await rejects(session(options).get(`${servers.http}/echo`), TypeError)
      }
    },
  },
  {
    name: 'sessions: a polluted Object.prototype sets neither limits nor hooks',
    run: async ({ session, servers }) => {
      const polluted = Object.prototype as Record<string, unknown>
      const evil = { total: 0.001, request: fail, response: fail, baseUrl: 'http://evil.test' }
      Object.assign(polluted, evil)
      try {
        const own = session({ hooks: {}, timeout: {} })
        const response = await own.get(`${servers.http}/echo`, { hooks: {}, timeout: {} })
        equal(response.status, 200)
      } finally {
        for (const name of Object.keys(evil)) Reflect.deleteProperty(polluted, name)
      }
    },
  },
  {
    name: 'sessions: a call changes nothing that it was not given to keep',
    run: async ({ session, servers }) => {
      const own = session({ headers: { 'X-A': '1' }, params: { p: 1 } })
      const options = {
        params: { q: 2 },
        headers: { 'X-A': null, 'X-B': '2' },
        auth: ['u', 'p'],
        timeout: 5000,
      } as const
      const before = JSON.stringify(options)
      await own.get(`${servers.http}/echo`, options)
      equal(JSON.stringify(options), before)
      const echo = await readEcho(await own.get(`${servers.http}/echo`))
      equal([echo.url, sent(echo, 'x-a'), sent(echo, 'x-b')], ['/echo?p=1', ['1'], []])
      equal(sent(echo, 'authorization'), [])
    },
  },
  {
    name: 'sessions: params of every shape, in their order, behind the query that is there',
    run: async ({ requests, servers }) => {
      const rows: [NonNullable<Parameters<typeof requests.get>[1]>['params'], string][] = [
        [{ a: [1, 'x'], b: null, c: undefined, d: true, e: '' }, 'a=1&a=x&d=true&e='],
        [[['b', '2'], ['a', '1'], ['b', '3']], 'b=2&a=1&b=3'], // prettier-ignore
        [new URLSearchParams('x=%20&y=+'), 'x=+&y=+'],
        ['raw=%2F&%', 'raw=%2F&%'],
        [{ 'ä&': '=ö', n: 10n }, '%C3%A4%26=%3D%C3%B6&n=10'],
        [{}, ''],
        [null, ''],
      ]
      for (const [params, query] of rows) {
        const plain = await readEcho(await requests.get(`${servers.http}/echo`, { params }))
        equal(plain.url, query === '' ? '/echo' : `/echo?${query}`)
        const there = await requests.get(`${servers.http}/echo?k=%2F&k=é#frag`, { params })
        equal((await readEcho(there)).url, `/echo?k=%2F&k=%C3%A9${query === '' ? '' : `&${query}`}`)
        match(there.request?.url, /#frag$/)
      }
    },
  },
  {
    name: 'sessions: what iterates but once is looked at once, and undefined inherits',
    run: async ({ session, servers }) => {
      const own = session({ params: { a: 's', b: 's' }, auth: ['session', 'secret'] })
      const once = (name: string, value: string) => new Map([[name, value]]).entries()
      const params = await own.get(`${servers.http}/echo`, { params: once('b', 'call') })
      equal((await readEcho(params)).url, '/echo?a=s&b=call')
      const unsaid = await own.get(`${servers.http}/echo`, { params: { a: undefined, b: null } })
      equal((await readEcho(unsaid)).url, '/echo?a=s')
      const headers = once('Authorization', 'Own credentials')
      const header = await readEcho(await own.get(`${servers.http}/echo`, { headers }))
      equal(sent(header, 'authorization').join(), 'Own credentials')
      const silent = { Authorization: undefined, 'Content-Type': undefined }
      const inherited = await own.post(`${servers.http}/echo`, { json: 1, headers: silent })
      match(sent(await readEcho(inherited), 'authorization').join(), /^Basic /)
      equal(sent(await readEcho(inherited), 'content-type').join(), 'application/json')
    },
  },
  {
    name: 'sessions: URLs that cannot be used say why, without their secrets',
    run: async ({ requests }) => {
      const rows: [string, RegExp][] = [
        ['example.test/x', /no scheme.*https:\/\/example\.test\/x/],
        ['ftp://user:hunter2@h.test/', /ftp:\/\/ *|ftp:/],
        ['http://user:hunter2@[/', /cannot be parsed/],
        ['http://h.test:99999/', /cannot be parsed/],
      ]
      for (const [url, message] of rows) {
        // In browsers a relative URL belongs to the page.
        if (requests.runtime === 'browser' && !url.includes('://')) continue
        const error = await rejects(requests.get(url), requests.errors.InvalidURLError, { message })
        notOk(error.message.includes('hunter2'), error.message)
      }
    },
  },
  {
    name: 'sessions: user-info of a URL becomes Basic and is seen nowhere else',
    run: async ({ requests, servers }) => {
      const url = servers.http.replace('://', '://us%20er:p%3Ass@')
      const response = await requests.get(`${url}/echo`)
      equal(response.url, `${servers.http}/echo`)
      equal(response.request?.url, `${servers.http}/echo`)
      const echo = await readEcho(response)
      equal(sent(echo, 'authorization'), ['Basic dXMgZXI6cDpzcw=='])
      notOk(sent(echo, 'referer').join().includes('p%3Ass'))
    },
  },
  {
    name: 'sessions: a retry hook is told of each retry and may veto it',
    run: async ({ session, requests, servers }) => {
      const seen: (number | null)[] = []
      const retries = new requests.Retry({ total: 5, statusForcelist: [500], raiseOnStatus: false })
      const own = session({ retries })
      const url = `${servers.http}/sequence/500,500,500,200?tag=retry-hook-${String(Date.now())}`
      const response = await own.get(url, {
        hooks: {
          retry: async ({ attempt, response: failed }) => {
            await Promise.resolve()
            seen.push(failed?.status ?? null)
            return attempt < 3
          },
        },
      })
      equal([response.status, seen], [500, [500, 500, 500]])
      equal(await response.text(), 'request 3')
    },
  },
  {
    name: 'sessions: a response hook may replace the response, a request hook the request',
    run: async ({ session, requests, servers }) => {
      const own = session()
      const response = await own.get(`${servers.http}/status/404`, {
        raiseForStatus: true,
        hooks: {
          request: (prepared) => {
            const other = prepared.copy()
            other.method = 'POST'
            other.url = `${servers.http}/echo`
            other.body = 'from the hook'
            return other
          },
          response: [
            async (answer) => new requests.Response(bodyText(await readEcho(answer))),
            (answer) => {
              answer.headers.set('X-Second', 'yes')
            },
          ],
        },
      })
      equal([await response.text(), response.headers.get('x-second')], ['from the hook', 'yes'])
    },
  },
  {
    name: 'sessions: strict false lists what could not be done, security still throws',
    run: async ({ session, requests, servers, capabilities }) => {
      const own = session({ strict: false })
      const headers = { Cookie: 'a=1', 'X-Plain': '1' }
      const response = await own.get(`${servers.http}/echo`, { headers })
      equal(sent(await readEcho(response), 'x-plain'), ['1'])
      equal(response.degraded.length > 0, !capabilities.anyHeader)
      if (!capabilities.anyHeader) {
        await rejects(
          session().get(`${servers.http}/echo`, { headers }),
          requests.errors.UnsupportedError,
        )
      }
      if (!capabilities.tlsVerifyOff) {
        await rejects(own.get(`${servers.http}/echo`, { verify: false }), 'UnsupportedError')
      }
      ok(Array.isArray(response.degraded))
    },
  },
  {
    name: 'sessions: credentials omit leaves the jar out, in both directions',
    needs: ['cookies'],
    run: async ({ session, servers }) => {
      const own = session()
      own.cookies.set('kept', '1')
      const url = `${servers.http}/set-cookie?cookie=${encodeURIComponent('new=2; Path=/')}`
      await own.get(url, { credentials: 'omit' })
      equal(own.cookies.toObject(), { kept: '1' })
      const echo = await readEcho(await own.get(`${servers.http}/echo`, { credentials: 'omit' }))
      equal(sent(echo, 'cookie'), [])
    },
  },
]

function fail(): never {
  throw new Error('An inherited hook was called.')
}
