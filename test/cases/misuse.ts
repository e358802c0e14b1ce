/** What a caller without types may pass: a mistake is an error that names it, and nothing is sent. */
import type { RequestOptions, SessionInput } from '../../src/settings.ts'
import { equal, match, ok, rejects, throws } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { sent, readEcho } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'misuse: an option, a hook or a limit that is misspelt is a TypeError that names it',
    run: async ({ requests, servers }) => {
      const url = `${servers.refused}/x`
      const session = new requests.Session()
      for (const [name, options] of [
        ['timout', { timout: 5 }],
        ['name', { name: 'Ada' }],
        ['pool', { pool: { maxIdle: 1 } }],
        ['redirects', { hooks: { redirects: () => false } }],
        ['conect', { timeout: { conect: 5 } }],
        ['limit', { retries: { limit: 3 } }],
      ] as const) {
        const expected = { message: new RegExp(`"${name}"`) }
        await rejects(requests.get(url, untyped(options)), TypeError, expected)
        await rejects(requests.post(url, untyped(options)), TypeError, expected)
        await rejects(session.put(url, untyped(options)), TypeError, expected)
      }
      await session.close()
    },
  },
  {
    name: 'misuse: a body in the place of the options, or a pair of limits, is a TypeError',
    run: async ({ requests, servers }) => {
      const session = new requests.Session()
      for (const options of ['the body', ['a'], new URLSearchParams('a=b'), new Uint8Array(1)]) {
        const expected = { message: /The options must be an object/ }
        await rejects(requests.post(servers.http, untyped(options)), TypeError, expected)
        await rejects(session.post(servers.http, untyped(options)), TypeError, expected)
      }
      for (const options of [{ timeout: [3, 27] }, { hooks: () => false }, { retries: [3] }]) {
        const expected = { message: /must be an object/ }
        await rejects(requests.get(servers.http, untyped(options)), TypeError, expected)
      }
      await session.close()
    },
  },
  {
    name: 'misuse: what is not given may have any name',
    run: async ({ requests, servers }) => {
      const options = untyped({ whatever: undefined, hooks: { any: undefined } })
      ok((await requests.get(`${servers.http}/echo`, options)).ok)
    },
  },
  {
    name: 'misuse: sessions, retries, transports and downloads have no other names either',
    run: async ({ requests, servers }) => {
      // The point is what a caller without types may pass.
      const asNever = (given: unknown): never => given as never
      for (const make of [
        () => new requests.Session({ proxy: 'http://p.test' } as SessionInput),
        () => new requests.Session(asNever(servers.http)),
        () => new requests.Retry(asNever({ limit: 3 })),
        () => new requests.Retry(asNever(3)),
        () => requests.transport(asNever({ allowAdress: 'public' })),
        () => requests.transport(asNever({ pool: { maxConections: 1 } })),
      ]) {
        match(throws(make, TypeError).message, /must be an object|There is no/)
      }
      const options = asNever({ secretHeaders: ['X-Tenant'] })
      const sink = asNever(() => ok(false, 'opened'))
      await rejects(requests.download(servers.http, sink, options), TypeError, {
        message: /no download option "secretHeaders"/,
      })
    },
  },
  {
    name: 'misuse: a header value that is no text, and a list that has no pairs, are not sent',
    run: async ({ requests, servers }) => {
      const url = `${servers.refused}/x`
      const { InvalidHeaderError } = requests.errors
      for (const value of [Promise.resolve('a token'), { a: 1 }, ['a', 'b'], true, Symbol('a')]) {
        const expected = { message: /header X-Value must be a string, not/ }
        const options = untyped({ headers: { 'X-Value': value } })
        await rejects(requests.get(url, options), InvalidHeaderError, expected)
        throws(() => new requests.Request('GET', url, options).prepare(), InvalidHeaderError)
      }
      for (const headers of [['X-Value: a'], [{ name: 'X-Value', value: 'a' }], 'X-Value: a']) {
        const expected = { message: /A header is a pair|headers must be an object/ }
        await rejects(requests.get(url, untyped({ headers })), TypeError, expected)
      }
      for (const params of [['ab'], ['a=1'], [1]]) {
        const expected = { message: /Parameters must be an object, pairs or a string/ }
        await rejects(requests.get(url, untyped({ params })), TypeError, expected)
      }
    },
  },
  {
    name: 'misuse: cookies that are no object of texts are not sent',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      for (const cookies of ['a=b', new Map([['a', 'b']]), [['a', 'b']]]) {
        await rejects(requests.get(servers.http, untyped({ cookies })), TypeError, {
          message: /cookies must be an object or a CookieJar/,
        })
      }
      await rejects(requests.get(servers.http, untyped({ cookies: { a: 5 } })), TypeError, {
        message: /value of a cookie must be a string, not number/,
      })
    },
  },
  {
    name: 'misuse: proxies that no URL would find are a TypeError, and no call goes direct',
    needs: ['proxy'],
    run: async ({ requests, servers }) => {
      const proxy = servers.refused
      for (const proxies of [
        ...[proxy, [proxy], false, { 'http:': proxy }, { 'http://': proxy }],
        ...[{ 'http://a.test/': proxy }, { http: new URL(proxy) }, { http: 8080 }],
      ]) {
        await rejects(requests.get(`${servers.http}/echo`, untyped({ proxies })), TypeError, {
          message: /prox(?:y|ies)/,
        })
      }
    },
  },
  {
    name: 'misuse: a controller is no signal',
    run: async ({ requests, servers }) => {
      const signal = new AbortController()
      await rejects(requests.get(servers.http, untyped({ signal })), TypeError, {
        message: /signal must be an AbortSignal/,
      })
    },
  },
  {
    name: 'requests: a URL of another realm or library is one',
    run: async ({ requests, servers }) => {
      const foreign = { [Symbol.toStringTag]: 'URL', href: `${servers.http}/echo` }
      const url = Object.assign(Object.create({ toString: () => foreign.href }), foreign) as URL
      const session = new requests.Session()
      ok((await requests.get(url)).ok)
      ok((await session.get(url)).ok)
      await session.close()
    },
  },
  {
    name: 'sessions: headers and cookies can be set to what a session may be made with',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      const session = new requests.Session()
      session.headers = { 'X-Own': '1' }
      session.cookies = { a: '1' }
      const echo = await readEcho(await session.get(`${servers.http}/echo`))
      equal(sent(echo, 'x-own'), ['1'])
      equal(sent(echo, 'cookie'), ['a=1'])
      await session.close()
    },
  },
]

function untyped(options: unknown): RequestOptions {
  // The point is what a caller without types may pass.
  return options as RequestOptions
}
