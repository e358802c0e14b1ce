/** Where a call or a redirect may lead: one parse, the origin decides, nothing leaves unasked. */
import { equal, rejects, throws } from '../harness/assert.ts'
import type { Case, Context, Session } from '../harness/case.ts'

/** Where a Location leads from http://shop.test/dir/start, and whether that is the same origin. */
const TRICKS: readonly (readonly [location: string, to: string, stays: boolean])[] = [
  ['/end', 'http://shop.test/end', true],
  ['end', 'http://shop.test/dir/end', true],
  ['?q', 'http://shop.test/dir/start?q', true],
  ['http:end', 'http://shop.test/dir/end', true],
  ['http:/end', 'http://shop.test/end', true],
  ['HTTP://SHOP.TEST:80/end', 'http://shop.test/end', true],
  ['http://shop.test\\@evil.test/end', 'http://shop.test/@evil.test/end', true],
  ['http://ｓｈｏｐ.test/end', 'http://shop.test/end', true],
  ['\t/e\tnd\t', 'http://shop.test/end', true],
  ['//evil.test/end', 'http://evil.test/end', false],
  ['\\\\evil.test/end', 'http://evil.test/end', false],
  ['/\\evil.test/end', 'http://evil.test/end', false],
  ['\\/evil.test/end', 'http://evil.test/end', false],
  ['/\t/evil.test/end', 'http://evil.test/end', false],
  ['http:\\\\evil.test\\end', 'http://evil.test/end', false],
  ['http:evil', 'http://shop.test/dir/evil', true],
  ['https:evil.test/end', 'https://evil.test/end', false],
  ['http://shop.test:80@evil.test/end', 'http://evil.test/end', false],
  ['http://shop.test%40evil.test/end', '', false],
  ['http://user:secret@shop.test/end', 'http://shop.test/end', true],
  ['http://shop.test./end', 'http://shop.test./end', false],
  ['http://shop.test:8080/end', 'http://shop.test:8080/end', false],
  ['http://shоp.test/end', 'http://xn--shp-ted.test/end', false],
  ['http://shop。test/end', 'http://shop.test/end', true],
  ['http://shop.test.evil.test/end', 'http://shop.test.evil.test/end', false],
  ['https://shop.test/end', 'https://shop.test/end', false],
]
const REFUSED = [
  ...['file:///etc/passwd', 'data:text/plain,x', 'blob:http://shop.test/1', 'javascript:1'],
  ...['ftp://shop.test/', 'unix:/run/docker.sock:/', 'about:blank', 'http://[::1', 'http://'],
  ...['http://shop.test:99999/', 'ws://shop.test/'],
]

interface Seen {
  readonly url: string
  readonly secrets: readonly string[]
}

/** A session whose every request is answered by a handler: the first with the Location. */
function redirecting(
  { session, requests }: Context,
  location: () => string,
): { own: Session; seen: Seen[] } {
  const seen: Seen[] = []
  const transport = requests.handlerTransport(({ url, headers }) => {
    const names = ['authorization', 'cookie', 'x-api-key', 'x-mine', 'proxy-authorization']
    seen.push({ url, secrets: names.filter((name) => headers.has(name)) })
    if (seen.length > 1) return new Response('end')
    // Header values are bytes: what is beyond ASCII comes as UTF-8 read as Latin-1.
    const bytes = new TextEncoder().encode(location())
    return new Response(null, {
      status: 302,
      headers: { Location: String.fromCharCode(...bytes) },
    })
  })
  const own = session({ secretHeaders: ['X-Mine'] })
  for (const scheme of ['http://', 'https://']) own.mount(scheme, transport)
  return { own, seen }
}

const SECRETS = {
  auth: ['user', 'secret'] as const,
  cookies: { a: 'secret' },
  headers: { 'X-API-Key': 'secret', 'X-Mine': 'secret' },
}

export const cases: readonly Case[] = [
  {
    name: 'guarantee 1: wherever a Location leads by whatever trick, secrets stay at the origin',
    needs: ['nativeResponse'],
    run: async (context) => {
      for (const [location, to, stays] of TRICKS) {
        const { own, seen } = redirecting(context, () => location)
        const call = own.get('http://shop.test/dir/start', SECRETS)
        if (to === '') {
          await rejects(call, context.requests.errors.InvalidURLError)
          continue
        }
        equal((await call).url, to, location)
        const all = ['authorization', 'cookie', 'x-api-key', 'x-mine']
        equal(seen.at(1), { url: to, secrets: stays ? all : [] }, location)
      }
    },
  },
  {
    name: 'guarantee 2: from https to http nothing secret goes along, on the same host either',
    needs: ['nativeResponse'],
    run: async (context) => {
      const { own, seen } = redirecting(context, () => 'http://shop.test:443/end')
      await own.get('https://shop.test/', SECRETS)
      equal(seen.at(1)?.secrets, [])
      const vetoed = redirecting(context, () => 'http://shop.test/end')
      const stopped = await vetoed.own.get('https://shop.test/', {
        ...SECRETS,
        hooks: {
          redirect: ({ from, to }) => !(from.startsWith('https:') && to.startsWith('http:')),
        },
      })
      equal([stopped.status, vetoed.seen.length], [302, 1])
    },
  },
  {
    name: 'guarantee 1: where the engine follows, redirectSecrets keeps what is secret from any hop',
    run: async ({ requests, servers, capabilities }) => {
      const headers = { Authorization: 'Own secret' }
      const target = encodeURIComponent(`${servers.other}/echo`)
      const url = `${servers.http}/redirect-to?url=${target}`
      const call = requests.get(url, { headers, redirectSecrets: 'error' })
      if (capabilities.manualRedirect) equal((await call).status, 200)
      else await rejects(call, requests.errors.ConnectionError)
      equal((await requests.get(url, { redirectSecrets: 'error' })).status, 200)
      const direct = await requests.get(`${servers.http}/echo`, {
        headers,
        redirectSecrets: 'error',
      })
      equal(direct.status, 200)
    },
  },
  {
    name: 'guarantee 6: redirectBodies keeps a body from crossing origins, or says that it cannot',
    run: async ({ session, requests, servers, capabilities }) => {
      const own = session({ redirectBodies: 'error' })
      const target = encodeURIComponent(`${servers.other}/echo`)
      const { RequestError, UnsupportedError } = requests.errors
      for (const status of [307, 308]) {
        const url = `${servers.http}/redirect-to?status=${String(status)}&url=${target}`
        const call = own.put(url, { data: 'secret plans' })
        if (!capabilities.manualRedirect) {
          await rejects(call, UnsupportedError, { message: /redirectBodies/ })
          continue
        }
        await rejects(call, RequestError, { code: 'REDIRECT_BODY' })
        equal((await own.put(url, { data: 'plans', redirectBodies: 'follow' })).status, 200)
        equal((await own.put(url, { data: 'plans', allowRedirects: false })).status, status)
      }
      // What takes no body along, and what has none, goes on.
      const url = `${servers.http}/redirect-to?status=303&url=${target}`
      if (capabilities.manualRedirect) equal((await own.post(url, { data: 'plans' })).status, 200)
      equal((await own.get(`${servers.http}/redirect-to?url=${target}`)).status, 200)
    },
  },
  {
    name: 'guarantee 15: redirects lead to http and https alone, and a hook sees where',
    needs: ['nativeResponse'],
    run: async (context) => {
      const { InvalidURLError } = context.requests.errors
      for (const location of REFUSED) {
        const { own, seen } = redirecting(context, () => location)
        await rejects(own.get('https://shop.test/'), InvalidURLError, { code: 'INVALID_REDIRECT' })
        equal(seen.length, 1, location)
      }
      const { own, seen } = redirecting(context, () => '//169.254.169.254\\latest')
      const told: string[] = []
      const response = await own.get('http://shop.test/', {
        hooks: {
          redirect: ({ to }) => {
            told.push(to)
            return false
          },
        },
      })
      equal([response.status, told, seen.length], [302, ['http://169.254.169.254/latest'], 1])
    },
  },
  {
    name: 'guarantee 18: data:, blob:, file: and other schemes are refused wherever a URL is given',
    run: async ({ requests, session }) => {
      const { InvalidURLError } = requests.errors
      const prepared = new requests.Request('GET', 'http://shop.test/').prepare()
      for (const url of REFUSED) {
        await rejects(requests.get(url), InvalidURLError)
        throws(() => session({ baseUrl: url }), InvalidURLError)
        throws(() => {
          prepared.url = url
        }, InvalidURLError)
      }
    },
  },
  {
    name: 'guarantee 13: no path leaves baseUrl, however it is spelt',
    needs: ['nativeResponse'],
    run: async ({ requests, session }) => {
      const seen: string[] = []
      const own = session({ baseUrl: 'http://shop.test/v1', auth: ['user', 'secret'] })
      const transport = requests.handlerTransport(({ url }) => {
        seen.push(url)
        return new Response('')
      })
      for (const scheme of ['http://', 'https://']) own.mount(scheme, transport)
      for (const escape of [
        ...['//evil.test/', '\\\\evil.test/', '/\\evil.test/', '\\/evil.test/', '../admin', '/..'],
        ...['/../admin', 'a/../../admin', '%2e%2e/admin', '.%2E/admin', '..\\admin', '/..\\admin'],
        ...[
          'http://evil.test/v1/',
          'https://shop.test/v1/',
          'http:\\\\evil.test/',
          '\t//evil.test/',
        ],
        ...[
          'http:evil.test',
          'https:evil.test/',
          'HTTP://evil.test',
          '/\t/evil.test',
          ' //evil.test',
        ],
        ...[
          'http://shop.test/v2',
          'http://shop.test/v1/../v2',
          '.\n./admin',
          'http://shop.test@evil.test',
        ],
      ]) {
        const before = seen.length
        try {
          await own.get(escape)
        } catch (error) {
          equal((error as Error).name, 'InvalidURLError', escape)
        }
        for (const url of seen.slice(before))
          equal(
            url.startsWith('http://shop.test/v1/'),
            true,
            `${JSON.stringify(escape)} led to ${url}`,
          )
      }
      seen.length = 0
      for (const path of ['a', '/a', './a', 'b/../a', '?q', '', '@evil.test', ':80', 'a//b'])
        await own.get(path)
      equal(seen, [
        ...['http://shop.test/v1/a', 'http://shop.test/v1/a', 'http://shop.test/v1/a'],
        ...['http://shop.test/v1/a', 'http://shop.test/v1?q', 'http://shop.test/v1'],
        ...[
          'http://shop.test/v1/@evil.test',
          'http://shop.test/v1/:80',
          'http://shop.test/v1/a//b',
        ],
      ])
    },
  },
  {
    name: 'guarantee 13: where leaving baseUrl is allowed, the secrets of the session stay at home',
    needs: ['nativeResponse'],
    run: async ({ requests, session }) => {
      const seen: [url: string, secrets: (string | null)[]][] = []
      const own = session({
        baseUrl: 'http://shop.test/',
        allowAbsoluteUrls: true,
        auth: ['user', 'secret'],
        headers: { 'X-API-Key': 'secret', 'X-Plain': 'plain', Cookie2: 'secret' },
        params: { api_key: 'secret', page: 1 },
      })
      const names = ['authorization', 'x-api-key', 'cookie2', 'cookie', 'x-plain']
      const transport = requests.handlerTransport(({ url, headers }) => {
        seen.push([url, names.map((name) => headers.get(name))])
        return new Response('')
      })
      own.mount('http://', transport)
      const { cookies } = own
      if (cookies.isNative !== true) cookies.set('sid', 'secret')
      await own.get('http://evil.test/a')
      equal(seen, [['http://evil.test/a?page=1', [null, null, null, null, 'plain']]])
    },
  },
]
