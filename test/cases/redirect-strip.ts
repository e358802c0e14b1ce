/**
 * What a redirect takes along: header × status × change of the origin, over a handler that is
 * mounted for every host, so that the same table holds on every runtime, browsers included.
 */
import { equal, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'

type Seen = Readonly<Record<string, string>>

const CHANGES: Readonly<Record<string, readonly [from: string, to: string, stays: boolean]>> = {
  none: ['https://shop.test/start', 'https://shop.test/end', true],
  'default port': ['https://shop.test/start', 'https://SHOP.test:443/end', true],
  host: ['https://shop.test/start', 'https://other.test/end', false],
  subdomain: ['https://shop.test/start', 'https://a.shop.test/end', false],
  parent: ['https://a.shop.test/start', 'https://shop.test/end', false],
  port: ['https://shop.test/start', 'https://shop.test:8443/end', false],
  'scheme down': ['https://shop.test/start', 'http://shop.test/end', false],
  'scheme up': ['http://shop.test/start', 'https://shop.test/end', false],
}
const STATUSES = [301, 302, 303, 307, 308]

/** Those the origin decides about, each with a value of its own. */
const SECRETS = {
  'proxy-authorization': 'never sent without a proxy',
  'x-api-key': 'key',
  'X-CSRF-Token': 'csrf',
  'x-auth-token': 'token',
  'Private-Token': 'private',
  'X-Mine': 'declared',
}
const ABOUT_BODY = {
  'Content-Type': 'text/x-test',
  'Content-Language': 'de',
  'Content-Encoding': 'identity',
}

async function follow(
  context: Context,
  change: string,
  options: { status: number; auth: 'call' | 'session' | 'header' },
): Promise<{ seen: Seen; method: string; body: string }> {
  const { requests } = context
  const [from, to] = CHANGES[change] ?? ['', '']
  const transport = requests.handlerTransport(async (request) => {
    if (!request.url.endsWith('/end'))
      return new Response(null, { status: options.status, headers: { Location: to } })
    const seen = Object.fromEntries(request.headers)
    return Response.json({ seen, method: request.method, body: await request.text() })
  })
  const pair = ['user', 'secret'] as const
  const session = context.session({
    secretHeaders: ['x-mine'],
    // A Proxy-Authorization without a proxy is refused otherwise.
    strict: false,
    ...(options.auth === 'session' ? { auth: pair } : {}),
  })
  for (const scheme of ['https://', 'http://']) session.mount(scheme, transport)
  const response = await session.post(from, {
    data: 'body',
    headers: {
      ...SECRETS,
      ...ABOUT_BODY,
      'X-Plain': 'seen',
      ...(options.auth === 'header' ? { AUTHORIZATION: 'Own secret' } : {}),
    },
    cookies: { mine: 'secret' },
    ...(options.auth === 'call' ? { auth: pair } : {}),
  })
  return response.json()
}

export const cases: readonly Case[] = [
  {
    name: 'redirects: what a hop strips, by header, status and kind of origin change',
    needs: ['nativeResponse'],
    run: async (context) => {
      for (const [change, [, , stays]] of Object.entries(CHANGES)) {
        for (const status of STATUSES) {
          for (const auth of ['call', 'session', 'header'] as const) {
            const { seen, method, body } = await follow(context, change, { status, auth })
            const where = `${change}, ${String(status)}, auth by ${auth}`
            const keepsBody = status >= 307
            const value = auth === 'header' ? 'Own secret' : 'Basic dXNlcjpzZWNyZXQ='
            equal(seen['authorization'], stays ? value : undefined, where)
            equal(seen['cookie'], stays ? 'mine=secret' : undefined, where)
            for (const [name, secret] of Object.entries(SECRETS)) {
              const goes = stays && name !== 'proxy-authorization'
              equal(seen[name.toLowerCase()], goes ? secret : undefined, `${name}, ${where}`)
            }
            for (const [name, text] of Object.entries(ABOUT_BODY)) {
              equal(seen[name.toLowerCase()], keepsBody ? text : undefined, `${name}, ${where}`)
            }
            equal(seen['x-plain'], 'seen', where)
            equal([method, body], keepsBody ? ['POST', 'body'] : ['GET', ''], where)
          }
        }
      }
    },
  },
  {
    name: 'redirects: neither credentials nor a file may come from a Location',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const own = session()
      let location = ''
      const transport = requests.handlerTransport((request) =>
        request.url.endsWith('/end')
          ? Response.json([request.url, request.headers.get('authorization')])
          : new Response(null, { status: 302, headers: { Location: location } }),
      )
      own.mount('http://', transport)
      location = 'http://evil:secret@shop.test/end'
      equal(await (await own.get('http://shop.test/')).json(), ['http://shop.test/end', null])
      for (location of ['file:///end', 'javascript:1', 'http://[/end']) {
        await rejects(own.get('http://shop.test/'), requests.errors.InvalidURLError, {
          code: 'INVALID_REDIRECT',
        })
        const shown = await own.get('http://shop.test/', { allowRedirects: false })
        equal([shown.status, shown.next], [302, null])
      }
    },
  },
]
