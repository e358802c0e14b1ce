/** What printing, logging and serialising may show of a call: everything but its secrets. */
import { equal, match, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case, Context, Session } from '../harness/case.ts'

/** Every secret of these cases has it in its text. */
const SECRET = 'hunter2'

type Inspect = (value: unknown, options?: object) => string

/** `console.log` of the runtime, where it can be had as text. */
function inspectors(): Inspect[] {
  const found: Inspect[] = []
  for (const name of ['Deno', 'Bun']) {
    const runtime: unknown = Reflect.get(globalThis, name)
    if (typeof runtime === 'object' && runtime !== null && 'inspect' in runtime)
      found.push(runtime.inspect as Inspect)
  }
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  const util = process?.getBuiltinModule?.('node:util') as { inspect?: Inspect } | undefined
  if (util?.inspect !== undefined) found.push(util.inspect)
  return found
}

/** What a structured logger sees: own, enumerable members, of errors message and stack too. */
function walk(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > 6) return String(value)
  const extra =
    value instanceof Error ? [value.message, value.stack, walk(value.cause, depth + 1)] : []
  const members = Object.entries(value).map(([name, each]) => `${name}: ${walk(each, depth + 1)}`)
  return [...extra, ...members].join('\n')
}

function keepsQuiet(what: string, value: unknown): void {
  const texts: [string, string][] = [
    ['JSON.stringify', JSON.stringify(value) ?? ''],
    ['String', String(value)],
    ['its members', walk(value)],
    ...inspectors().map((inspect): [string, string] => [
      'inspect',
      inspect(value, { depth: 10, showHidden: false }),
    ]),
  ]
  for (const [how, text] of texts) {
    const at = text.indexOf(SECRET)
    notOk(at !== -1, `${what} by ${how}: …${text.slice(Math.max(0, at - 80), at + 20)}`)
  }
}

function fullSession({ session, capabilities }: Context): Session {
  return session({
    auth: ['user', SECRET],
    headers: { 'X-Api-Key': SECRET, 'X-Mine': SECRET },
    secretHeaders: ['X-Mine'],
    params: { token: SECRET },
    ...(capabilities.cookies ? { cookies: { sid: SECRET } } : {}),
    ...(capabilities.proxy
      ? { proxies: { 'http://nowhere.test': `http://user:${SECRET}@127.0.0.1:1` } }
      : {}),
  })
}

export const cases: readonly Case[] = [
  {
    name: 'guarantee 27: a session, its transport and its auth show no secret',
    run: async (context) => {
      const { requests, servers } = context
      const own = fullSession(context)
      await own.get(`${servers.http}/echo`)
      keepsQuiet('a session', own)
      keepsQuiet('its transport', own.getTransport(servers.http))
      keepsQuiet('its headers', own.headers)
      const { BasicAuth, BearerAuth, DigestAuth, ProxyAuth } = requests
      keepsQuiet('auth', [
        new BasicAuth('user', SECRET),
        new BearerAuth(SECRET),
        new DigestAuth('user', SECRET),
        new ProxyAuth('user', SECRET),
      ])
      own.auth = ['user', SECRET]
      keepsQuiet('a session that was changed', own)
    },
  },
  {
    name: 'guarantee 27: requests, prepared and not, show no secret',
    run: async (context) => {
      const { requests } = context
      await Promise.resolve()
      const own = fullSession(context)
      const request = new requests.Request('POST', `http://user:${SECRET}@shop.test/?a=1`, {
        headers: { Authorization: `Own ${SECRET}` },
        cookies: { sid: SECRET },
        params: { api_key: SECRET },
        json: { user: 'me', password: SECRET },
      })
      keepsQuiet('a Request', request)
      const prepared = own.prepareRequest(request)
      keepsQuiet('a PreparedRequest', prepared)
      keepsQuiet('its curl line', prepared.toCurl())
      keepsQuiet('a copy', prepared.copy())
      prepared.url = `http://user:${SECRET}@shop.test/?a=1`
      ok(prepared.headers.get('authorization') !== null, 'user-info becomes Basic')
      keepsQuiet('its URL', prepared.url)
      keepsQuiet('a PreparedRequest that was changed', prepared)
    },
  },
  {
    name: 'guarantee 27: a response, what led to it and its request show no secret',
    run: async (context) => {
      const { servers, capabilities } = context
      const own = fullSession(context)
      const url = `${servers.http}/redirect/1?password=${SECRET}`
      const response = await own.get(url, capabilities.cookies ? { cookies: { own: SECRET } } : {})
      keepsQuiet('a response', response)
      keepsQuiet('its request', response.request)
      keepsQuiet('its history', response.history)
      if (!capabilities.manualRedirect) return
      const stopped = await own.get(url, { allowRedirects: false, cookies: { own: SECRET } })
      keepsQuiet('a redirect that was not followed', stopped)
      keepsQuiet('where it leads', stopped.next)
    },
  },
  {
    name: 'guarantee 27: errors and their causes show no secret, whoever made them',
    run: async (context) => {
      const { requests, servers, recorder } = context
      const own = fullSession(context)
      const query = `?a=1&token=${SECRET}&t%6Fken=${SECRET}`
      const { errors } = requests
      const failing: [() => Promise<unknown>, Parameters<typeof rejects>[1]][] = [
        [() => own.get(`${servers.refused}/${query}`), errors.ConnectionError],
        [() => own.get(`http://does-not-exist.invalid/${query}`), errors.ConnectionError],
        [() => own.get(`${servers.http}/hang${query}`, { timeout: 100 }), errors.TimeoutError],
        [
          () => own.get(`${servers.http}/status/404${query}`, { raiseForStatus: true }),
          errors.HTTPError,
        ],
        [
          () => own.get(`${servers.http}/bytes/100${query}`, { maxBytes: 1 }),
          errors.BodyTooLargeError,
        ],
        [() => own.get(`ftp://user:${SECRET}@shop.test/${query}`), errors.InvalidURLError],
        [() => own.get(`//user:${SECRET}@shop.test:port/`), errors.InvalidURLError],
        [() => own.get(`http://user:${SECRET}@[shop.test/`), errors.InvalidURLError],
        [() => own.get(servers.http, { headers: { 'X-A': `${SECRET}\r\n` + 'X-B: c' } }), Error],
      ]
      for (const [promise, kind] of failing) keepsQuiet('an error', await rejects(promise, kind))
      const reset = await recorder.play({
        answers: Array.from({ length: 20 }, () => ({ then: 'reset' as const })),
      })
      keepsQuiet('a reset', await rejects(own.get(reset.url + query), errors.ConnectionError))
      if (!context.capabilities.cutBodySeen) return
      const cut = await recorder.play({
        answers: [{ send: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', then: 'reset' }],
      })
      keepsQuiet('a cut body', await rejects(own.get(cut.url + query), errors.RequestError))
    },
  },
  {
    name: 'guarantee 27: a body that is no JSON is not quoted, by us or by the engine',
    run: async ({ requests }) => {
      const { JSONDecodeError } = requests.errors
      for (const text of [SECRET, `"${SECRET}`, `{"token": "${SECRET}",}`, `<p>${SECRET}`, ''])
        keepsQuiet(text, await rejects(new requests.Response(text).json(), JSONDecodeError))
      const lines = new requests.Response(`1\n{"token": ${SECRET}}`).iterJSON()
      await lines.next()
      keepsQuiet('a line', await rejects(lines.next(), JSONDecodeError, { message: /Line 2/ }))
    },
  },
  {
    name: 'guarantee 27: merged settings show no secret, and lose none',
    needs: ['proxy', 'clientCertificate'],
    run: async (context) => {
      await Promise.resolve()
      const proxy = `http://user:${SECRET}@127.0.0.1:1`
      const own = context.session({ proxies: { 'http://nowhere.test': proxy, https: null } })
      const settings = own.mergeEnvironmentSettings('http://nowhere.test/', {
        cert: [SECRET, SECRET],
        init: { headers: SECRET },
      })
      const copy = { ...settings, proxies: { ...settings.proxies } }
      equal([copy.proxies['http://nowhere.test'], copy.proxies['https']], [proxy, null])
      equal(copy.cert, [SECRET, SECRET])
      const texts = [JSON.stringify(settings), ...inspectors().map((inspect) => inspect(settings))]
      for (const text of texts) notOk(text.includes(SECRET), text)
      match(texts[0] ?? '', /"cert":"\[hidden\]"/)
    },
  },
  {
    name: 'guarantee 27: a proxy that fails is named without its password',
    needs: ['proxy'],
    run: async ({ requests }) => {
      const { InvalidProxyURLError, ConnectionError } = requests.errors
      const get = (proxy: string): Promise<unknown> =>
        requests.get('http://shop.test/', { proxies: { all: proxy } })
      for (const proxy of [`http://user:${SECRET}@127.0.0.1:1`, `http://user:${SECRET}@no.invalid`])
        keepsQuiet(proxy, await rejects(get(proxy), ConnectionError))
      for (const proxy of [`ftp://user:${SECRET}@127.0.0.1`, `http://user:${SECRET}@[`])
        keepsQuiet(proxy, await rejects(get(proxy), InvalidProxyURLError))
    },
  },
]
