/** Proxies: who is spoken to, what each of them sees, and what none of them may. */
import { equal, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { headFields, headValues, newTag } from '../harness/recorder.ts'
import { readEcho } from './echo.ts'

interface ProxyRequest {
  readonly proxy: string
  readonly method: string
  readonly target: string
  readonly user: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
}

async function seenBy({ control }: Context, text: string): Promise<readonly ProxyRequest[]> {
  // The answer of the control listener, see test/server/control.ts.
  const answer = (await control(`/proxy?match=${encodeURIComponent(text)}`)) as {
    requests: ProxyRequest[]
  }
  return answer.requests
}

function withUser(proxy: string, user: string): string {
  return proxy.replace('://', `://${user}@`)
}

export const cases: readonly Case[] = [
  {
    name: 'proxies: http goes there in absolute form, https through a tunnel that shows nothing',
    needs: ['proxy', 'customCA'],
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const proxies = { http: servers.proxy, https: servers.proxy }
      const headers = { 'X-Secret': 'not for the proxy' }
      await readEcho(await requests.get(`${servers.http}/echo?tag=${tag}`, { proxies }))
      const [plain] = await seenBy(context, tag)
      equal([plain?.method, plain?.target], ['GET', `${servers.http}/echo?tag=${tag}`])
      const { port } = new URL(servers.https)
      const url = `https://${tag}.server.localhost:${port}/echo`
      await readEcho(await requests.get(url, { proxies, headers, verify: servers.ca }))
      const [tunnel] = await seenBy(context, `${tag}.server`)
      equal([tunnel?.method, tunnel?.target], ['CONNECT', `${tag}.server.localhost:${port}`])
      notOk(JSON.stringify(tunnel).includes('not for the proxy'))
    },
  },
  {
    name: 'proxies: user and password go to the proxy, and to nobody else',
    needs: ['proxy', 'customCA'],
    run: async (context) => {
      const { requests, servers, recorder } = context
      const user = newTag()
      const proxy = withUser(servers.proxyAuth, `${user}:secret`)
      const recording = await recorder.play()
      const options = { proxies: { all: proxy }, verify: servers.ca }
      await requests.get(recording.url, options)
      await requests.get(recording.tlsUrl, options)
      equal(
        (await seenBy(context, user)).map(({ method }) => method),
        ['GET', 'CONNECT'],
      )
      for (const { head } of await recording.requests()) {
        equal(headValues(head, 'proxy-authorization'), [])
        notOk(
          headFields(head).some(([name]) => /^proxy-/i.test(name)),
          'nothing of a proxy',
        )
      }
    },
  },
  {
    name: 'proxies: without a proxy, Proxy-Authorization goes nowhere',
    needs: ['anyHeader'],
    run: async ({ requests, recorder, session }) => {
      const recording = await recorder.play()
      const headers = { 'Proxy-Authorization': 'Basic c2VjcmV0' }
      const { UnsupportedError } = requests.errors
      await rejects(requests.get(recording.url, { headers, proxies: null }), UnsupportedError, {
        message: /Proxy-Authorization/,
      })
      const lenient = session({ strict: false })
      const response = await lenient.get(recording.url, { headers, proxies: null })
      equal(response.degraded, ['The header Proxy-Authorization without an HTTP proxy'])
      const [request, ...others] = await recording.requests()
      equal([headValues(request?.head ?? '', 'proxy-authorization'), others.length], [[], 0])
    },
  },
  {
    name: 'proxies: a tunnel that is refused, and a proxy that is not there, are ProxyErrors',
    needs: ['proxy', 'customCA'],
    run: async ({ requests, servers }) => {
      const { ProxyError } = requests.errors
      const url = `${servers.https}/echo`
      const verify = servers.ca
      for (const proxy of [servers.proxyAuth, withUser(servers.proxyAuth, 'user:wrong')]) {
        const error = await rejects(
          requests.get(url, { verify, proxies: { all: proxy } }),
          ProxyError,
        )
        notOk(error.message.includes('wrong'), 'no password in the message')
      }
      for (const target of [url, `${servers.http}/echo`]) {
        const proxies = { all: servers.refused }
        await rejects(requests.get(target, { verify, proxies }), ProxyError)
      }
    },
  },
  {
    name: 'proxies: by scheme, by host, none for null; a mistake is an InvalidProxyURLError',
    needs: ['proxy'],
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const url = `${servers.http}/echo?tag=${tag}`
      const { host } = new URL(servers.http)
      const direct = [
        { https: servers.proxy },
        { http: null, all: servers.proxy },
        { http: servers.proxy, [`http://${host}`]: null },
        { http: servers.proxy, no_proxy: '127.0.0.0/8' },
      ]
      for (const proxies of direct) equal((await requests.get(url, { proxies })).status, 200)
      equal(await seenBy(context, tag), [])
      for (const proxy of ['ftp://user:secret@host', 'http://']) {
        const error = await rejects(
          requests.get(url, { proxies: { http: proxy } }),
          requests.errors.InvalidProxyURLError,
        )
        notOk(error.message.includes('secret'))
      }
    },
  },
  {
    name: 'proxies: connections are not shared with others, nor between users',
    needs: ['proxy'],
    run: async ({ session, servers }) => {
      const own = session()
      const url = `${servers.http}/echo`
      const connections = new Set<number>()
      for (const proxies of [null, { all: servers.proxy }]) {
        connections.add((await readEcho(await own.get(url, { proxies }))).connection)
      }
      equal(connections.size, 2)
      const wrong = { all: withUser(servers.proxyAuth, 'user:wrong') }
      const right = { all: withUser(servers.proxyAuth, 'user:secret') }
      equal((await own.get(url, { proxies: right })).status, 200)
      equal((await own.get(url, { proxies: wrong })).status, 407)
    },
  },
  {
    name: 'proxies: SOCKS 5, with the name resolved here or there, and with credentials',
    needs: ['socks', 'customCA'],
    run: async (context) => {
      const { requests, servers } = context
      const verify = servers.ca
      const { port } = new URL(servers.https)
      const tag = newTag()
      const https = `https://${tag}.server.localhost:${port}/echo`
      const proxies = { all: `socks5h://${servers.socks}` }
      equal((await requests.get(https, { proxies, verify })).status, 200)
      equal((await seenBy(context, tag))[0]?.target, `${tag}.server.localhost:${port}`)
      const http = `${servers.http.replace('127.0.0.1', 'localhost')}/echo`
      const local = { all: `socks5://user@${servers.socks}` }
      equal((await requests.get(http, { proxies: local })).status, 200)
      const user = newTag()
      const known = { all: `socks5h://${user}:secret@${servers.socksAuth}` }
      equal((await requests.get(http, { proxies: known })).status, 200)
      equal((await seenBy(context, user))[0]?.method, 'SOCKS')
    },
  },
  {
    name: 'proxies: what a SOCKS proxy refuses is a ProxyError that says why',
    needs: ['socks'],
    run: async ({ requests, servers }) => {
      const { ProxyError } = requests.errors
      const url = `${servers.http}/echo`
      const ask = (proxy: string, target = url): Promise<unknown> =>
        requests.get(target, { proxies: { all: proxy } })
      for (const user of ['', 'user:wrong@', 'user@']) {
        await rejects(ask(`socks5h://${user}${servers.socksAuth}`), ProxyError, {
          code: 'PROXY_AUTHENTICATION',
        })
      }
      await rejects(ask(`socks5h://${servers.socks}`, 'http://forbidden.test/'), ProxyError, {
        message: /rules/,
      })
      await rejects(ask(`socks5h://${servers.socks}`, servers.refused), ProxyError, {
        message: /refuses/,
      })
      await rejects(ask(`socks5h://${new URL(servers.http).host}`), ProxyError)
      await rejects(ask(`socks5h://${new URL(servers.refused).host}`), ProxyError)
    },
  },
  {
    name: 'proxies: a SOCKS proxy that says nothing is a ConnectTimeoutError',
    needs: ['socks', 'connectTimeout'],
    run: async ({ requests, servers }) => {
      const proxies = { all: `socks5h://${servers.silent}` }
      const timeout = { connect: 150 }
      await rejects(
        requests.get(`${servers.http}/echo`, { proxies, timeout }),
        requests.errors.ConnectTimeoutError,
      )
    },
  },
  {
    name: 'proxies: what cannot be had is an UnsupportedError, never a direct connection',
    run: async ({ requests, servers, capabilities }) => {
      const url = `${servers.http}/echo`
      const { UnsupportedError } = requests.errors
      if (!capabilities.proxy) {
        await rejects(requests.get(url, { proxies: { all: servers.proxy } }), UnsupportedError)
      } else if (!capabilities.socks) {
        const proxies = { all: `socks5://${servers.socks}` }
        await rejects(requests.get(url, { proxies }), UnsupportedError)
      } else ok(true)
    },
  },
]
