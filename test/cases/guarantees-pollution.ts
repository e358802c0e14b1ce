/** What a polluted Object.prototype must not supply: an option, a part of the request, a secret. */
import { equal, notOk } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { bodyText, readEcho, utf8 } from './echo.ts'

const everyObject = Object.prototype as unknown as Record<string, unknown>

/** Runs with one property on every object, as after `merge({}, JSON.parse(attack))`. */
async function polluted(name: string, value: unknown, run: () => Promise<void>): Promise<void> {
  everyObject[name] = value
  try {
    await run()
  } finally {
    Reflect.deleteProperty(everyObject, name)
  }
}

/** One for each name that some bag of ours or of a runtime has; values as JSON can have them. Not
 *  `connect`, `read`, `timeout` and `signal`, which Node's own sockets stumble over, nor `mode`, which
 *  WebKit's streams do; test/unit/guarantees.test.ts has those. */
const OF_REQUESTS: Readonly<Record<string, unknown>> = {
  ...{ auth: ['evil', 'x'], headers: { 'X-Evil': '1' }, params: { evil: 1 }, data: 'evil' },
  ...{ json: { evil: 1 }, files: { evil: 'x' }, cookies: { evil: '1' } },
  ...{ total: 0.001, maxBytes: 0, maxRedirects: -1 },
  ...{ allowRedirects: false, proxies: { all: 'http://127.0.0.1:1' }, verify: 0, cert: '/evil' },
  ...{ stream: true, decompress: false, hooks: { request: 1 }, retries: -1 },
  ...{ credentials: 'evil', raiseForStatus: true, compress: 'evil', bufferUpload: -1 },
  ...{ init: { cache: 'evil' }, secretHeaders: ['evil'], explicit: [], strict: false },
  ...{ trustEnv: false, baseUrl: 'http://evil.test/', pool: { maxConnections: -1 }, http2: true },
}
const OF_RUNTIMES: Readonly<Record<string, unknown>> = {
  ...{ body: 'evil', redirect: 'error', integrity: 'sha256-AAAA', cache: 'only-if-cached' },
  ...{ referrer: 'http://evil.test/', keepalive: true, duplex: 'full' },
  ...{ proxy: 'http://127.0.0.1:1', tls: { ca: 'evil' }, unix: '/evil', dispatcher: {} },
  ...{ upgrade: 'evil', query: { evil: 1 }, idempotent: false, expectContinue: true },
  ...{ socketPath: '/evil', rejectUnauthorized: false, maxResponseSize: 1, cf: { evil: 1 } },
  ...{ fetcher: {}, encodeResponseBody: 'manual', priority: 'evil', window: 'evil' },
}

async function rounds(context: Context): Promise<string> {
  const { requests, servers } = context
  const url = `${servers.http}/echo?a=1`
  const seen: unknown[] = []
  const own = new requests.Session({})
  try {
    for (const response of [
      await own.get(url),
      await own.post(url, { data: 'text', timeout: {}, hooks: {} }),
      await requests.get(url),
    ]) {
      const echo = await readEcho(response)
      const headers = echo.headers.filter(([name]) => !/^(?:connection|origin)$/i.test(name))
      seen.push([echo.method, echo.url, headers, bodyText(echo), response.headers.has('x-evil')])
    }
  } finally {
    await own.close()
  }
  return JSON.stringify(seen)
}

async function sameWith(context: Context, names: Readonly<Record<string, unknown>>): Promise<void> {
  const clean = await rounds(context)
  for (const [name, value] of Object.entries(names)) {
    let seen = ''
    try {
      await polluted(name, value, async () => {
        seen = await rounds(context)
      })
    } catch (cause) {
      throw new Error(`Object.prototype.${name}: ${String(cause)}`, { cause })
    }
    equal(seen, clean, `Object.prototype.${name}`)
  }
}

export const cases: readonly Case[] = [
  {
    name: 'guarantee 20: no option of sessions and calls comes from a polluted prototype',
    run: (context) => sameWith(context, OF_REQUESTS),
  },
  {
    name: "guarantee 20: nor does one of the runtime's own",
    run: (context) => sameWith(context, OF_RUNTIMES),
  },
  {
    name: 'guarantee 20: nor one of files, cookies, auth, retries, jars and handlers',
    run: async ({ requests }) => {
      const { CookieJar, DigestAuth, Retry } = requests
      // The ponyfill's engine has none, and no files either.
      const content = 'Blob' in globalThis ? new Blob([utf8('0123456789')]) : null
      const look = (): string => {
        const jar = new CookieJar()
        jar.set('a', '1')
        const file = content === null ? null : requests.file(content, {})
        const digest = new DigestAuth('user', 'secret')
        return JSON.stringify([
          [...jar].map(({ domain, path, secure, expires }) => [domain, path, secure, expires]),
          [jar.get('a'), file?.name, file?.type, file?.start, file?.end, digest.forProxy],
          new Retry({}),
        ])
      }
      const clean = look()
      const evil = { domain: 'evil.test', path: '/evil', secure: true, expires: 9e12, maxAge: 1 }
      const others = { type: 'text/evil', start: 5, end: 6, proxy: true, total: 99 }
      for (const [name, value] of Object.entries({ ...evil, ...others, backoffFactor: 7 })) {
        await polluted(name, value, async () => {
          await Promise.resolve()
          equal(look(), clean, `Object.prototype.${name}`)
        })
      }
    },
  },
  {
    name: 'guarantee 20: secrets stay hidden with a polluted prototype',
    run: async ({ requests }) => {
      const request = new requests.Request('GET', 'http://shop.test/', { auth: ['user', 'secret'] })
      const prepared = request.prepare()
      await polluted('secrets', true, async () => {
        await Promise.resolve()
        notOk(prepared.toCurl().includes('Basic'), 'toCurl')
        notOk(JSON.stringify(prepared).includes('Basic'), 'toJSON')
      })
    },
  },
  {
    name: 'guarantee 20: session.fetch reads what its init has, and nothing else',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const { fetch } = session()
      const url = `${servers.http}/echo`
      for (const [name, value] of Object.entries({ method: 'DELETE', body: 'evil', headers: {} })) {
        await polluted(name, value, async () => {
          const answer = (await (await fetch(new URL(url), {})).json()) as { method: string }
          equal(answer.method, 'GET', name)
        })
      }
    },
  },
  {
    name: 'guarantee 20: names such as __proto__ are names, in headers, params, forms and cookies',
    run: async ({ requests, servers, capabilities }) => {
      const bag = (value: string): Record<string, string> =>
        JSON.parse(`{"__proto__": "${value}", "constructor": "${value}"}`) as Record<string, string>
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, {
          params: bag('p'),
          headers: capabilities.anyHeader ? bag('h') : {},
          data: bag('d'),
          ...(capabilities.cookies ? { cookies: bag('c') } : {}),
        }),
      )
      equal(echo.url, '/echo?__proto__=p&constructor=p')
      equal(bodyText(echo), '__proto__=d&constructor=d')
      const sentTo = (name: string): string | undefined =>
        echo.headers.find(([each]) => each.toLowerCase() === name)?.[1]
      if (capabilities.anyHeader) equal([sentTo('__proto__'), sentTo('constructor')], ['h', 'h'])
      if (capabilities.cookies) equal(sentTo('cookie'), '__proto__=c; constructor=c')
      equal(Reflect.get({}, 'constructor'), Object)
    },
  },
]
